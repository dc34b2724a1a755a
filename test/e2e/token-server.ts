import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { type Certificates, serverTls } from "../chart/remote/certificates.ts";
import { type Seen, send, serveWeb, type WebServer } from "../chart/remote/web-server.ts";
import type { TokenSource } from "./real-registry.ts";

type Access = { type: string; name: string; actions: string[] };

export type TokenServer = TokenSource & {
  /** What was asked, oldest first. */
  asked: { user: string | undefined; scopes: string[]; grant: string | undefined }[];
  /** How many of the next tokens are long over when they are given. */
  expire(count: number): void;
  close: WebServer["close"];
};

type Options = {
  certificates: Certificates;
  /** Passwords by name. */
  users: Record<string, string>;
  /** Names by refresh token. */
  refreshTokens: Record<string, string>;
  /** What of an access somebody may have; nobody is `undefined`. */
  allow: (user: string | undefined, access: Access) => string[];
};

const service = "test registry";
const issuer = "test issuer";
const keyId = "test-key";

/** A token server as the distribution project's specification has it: GET with Basic, POST with a refresh token. */
export async function serveTokens({ certificates, users, refreshTokens, allow }: Options): Promise<TokenServer> {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const asked: TokenServer["asked"] = [];
  let toExpire = 0;

  function tokenFor(user: string | undefined, scopes: string[]): string {
    const now = Math.floor(Date.now() / 1000);
    const from = toExpire > 0 ? now - 7200 : now;
    toExpire = Math.max(0, toExpire - 1);
    const access = scopes.flatMap(readScope).map((one) => ({ ...one, actions: allow(user, one) }));
    const claims = { iss: issuer, sub: user ?? "", aud: service, iat: from, nbf: from, exp: from + 300, access };
    const parts = [
      { typ: "JWT", alg: "ES256", kid: keyId },
      { ...claims, jti: randomUUID() },
    ];
    const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    const signature = sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" });
    return `${text}.${signature.toString("base64url")}`;
  }

  const server = await serveWeb((request, response) => {
    const url = new URL(request.path, "https://tokens");
    const form = new URLSearchParams(request.method === "POST" ? request.body : url.search);
    const scopes = form.getAll("scope").flatMap((scope) => scope.split(" "));
    const grant = form.get("grant_type") ?? undefined;
    const user = grant === undefined ? basicUser(request, users) : refreshTokens[form.get("refresh_token") ?? ""];
    asked.push({ user: user ?? undefined, scopes, grant });
    const isKnown = user !== null && !(grant !== undefined && user === undefined);
    if (!isKnown || form.get("service") !== service) return send(response, 401, '{"details":"incorrect login"}');
    const token = tokenFor(user, scopes);
    send(response, 200, JSON.stringify(grant === undefined ? { token, expires_in: 300 } : { access_token: token }));
  }, serverTls(certificates));

  return {
    realm: `${server.url}/token`,
    service,
    issuer,
    keys: { keys: [{ ...publicKey.export({ format: "jwk" }), kid: keyId, alg: "ES256", use: "sig" }] },
    asked,
    expire(count) {
      toExpire = count;
    },
    close: server.close,
  };
}

/** `undefined` for nobody, `null` for a wrong name or password. */
function basicUser({ headers }: Seen, users: Record<string, string>): string | undefined | null {
  if (headers.authorization === undefined) return undefined;
  const text = Buffer.from(headers.authorization.replace(/^Basic /, ""), "base64").toString();
  const [name = "", ...password] = text.split(":");
  return users[name] !== undefined && users[name] === password.join(":") ? name : null;
}

function readScope(scope: string): Access[] {
  const [, type = "", name = "", actions = ""] = /^([^:]+):(.+):([^:]*)$/.exec(scope) ?? [];
  return type === "" ? [] : [{ type, name, actions: actions.split(",") }];
}
