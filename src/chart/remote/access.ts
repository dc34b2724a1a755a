import { readFileSync } from "node:fs";
import { SlipwayError } from "../../base/error.ts";

/** Who asks a repository or registry, and how its certificate is judged. Each file is a path to PEM, or PEM itself. */
export type Access = {
  username?: string;
  password?: string;
  /** A bearer token, sent as it stands in place of a name and password. */
  token?: string;
  caFile?: string;
  certFile?: string;
  keyFile?: string;
  insecureSkipTlsVerify?: boolean;
  /** Registries alone: HTTP in place of HTTPS. */
  plainHttp?: boolean;
  /** Credentials also go to other hosts that an index names. */
  passCredentials?: boolean;
};

export type TlsMaterial = { ca?: string; cert?: string; key?: string; rejectUnauthorized?: false };

/** Reads what the access names; as in Helm, an own authority stands in place of the system's. */
export function tlsMaterial({ caFile, certFile, keyFile, insecureSkipTlsVerify }: Access): TlsMaterial {
  if ((certFile ?? "") !== "" && !keyFile) throw missingHalf("--cert-file", "--key-file");
  if ((keyFile ?? "") !== "" && !certFile) throw missingHalf("--key-file", "--cert-file");
  return {
    ...(caFile && { ca: readPem(caFile, "certificate authority") }),
    ...(certFile && keyFile && { cert: readPem(certFile, "client certificate"), key: readPem(keyFile, "client key") }),
    ...(insecureSkipTlsVerify && { rejectUnauthorized: false as const }),
  };
}

/** How certificates are judged, without saying who asks: for hosts that the credentials are not meant for. */
export function trustOf({ caFile, insecureSkipTlsVerify }: Access): Access {
  return { ...(caFile && { caFile }), ...(insecureSkipTlsVerify && { insecureSkipTlsVerify }) };
}

/** What the Authorization header says, if anything. Throws INPUT_INVALID for a token that can't be one. */
export function authorizationOf({ username, password, token }: Access): string | undefined {
  if (token) return `Bearer ${checkToken(token)}`;
  if (!username || !password) return undefined;
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** A bearer token without the blanks around it. Throws INPUT_INVALID, without repeating it, where it can't be one. */
export function checkToken(text: string): string {
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new SlipwayError(
    "INPUT_INVALID",
    token === "" ? "The bearer token is empty" : "The bearer token can't be one",
    {
      hint: "It is one word of printable characters.",
    },
  );
}

/** Without the token, unless it is to go to whatever place is named. */
export function withoutToken({ token, ...access }: Access): Access {
  return token !== undefined && access.passCredentials ? { ...access, token } : access;
}

function readPem(path: string, what: string): string {
  if (path.includes("-----BEGIN ")) return path;
  // What is no path may be a key that lost its first line.
  if (/[\r\n]/.test(path)) throw new SlipwayError("INPUT_INVALID", `The ${what} is neither a path nor in PEM form`);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new SlipwayError("INPUT_INVALID", `Cannot read the ${what} "${path}"`, { where: path, cause });
  }
  if (text.includes("-----BEGIN ")) return text;
  throw new SlipwayError("INPUT_INVALID", `The ${what} "${path}" is not in PEM form`, { where: path });
}

function missingHalf(given: string, missing: string): SlipwayError {
  return new SlipwayError("INPUT_INVALID", `${given} needs ${missing}`, {
    hint: "A client certificate and its key go together.",
  });
}
