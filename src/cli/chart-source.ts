import { existsSync, readFileSync } from "node:fs";
import { SlipwayError } from "../base/error.ts";
import type { ChartSource } from "../chart/chart-source.ts";
import { type Access, checkToken } from "../chart/remote/access.ts";
import type { Terminal } from "./command.ts";
import { type FlagReader, optional } from "./read-flags.ts";

/** What the flags say of where a chart comes from. */
export async function chartSource(
  reference: string,
  read: FlagReader,
  { env, signal, keepSecret }: Pick<Terminal, "env" | "signal" | "keepSecret">,
): Promise<ChartSource> {
  const cosignKey = read.string("cosign-key");
  return {
    reference,
    env,
    signal,
    access: accessOf(read, keepSecret),
    ...optional("version", read.string("version")),
    ...optional("repository", read.string("repo")),
    ...(read.boolean("devel") && { devel: true }),
    ...(read.boolean("dependency-update") && { updateDependencies: true }),
    ...(await verification(read, env)),
    ...(cosignKey !== undefined && { cosignKey: readText(cosignKey, "cosign key") }),
  };
}

/** What the flags say of who asks. Secrets are kept out of what is told from here on. */
export function accessOf(read: FlagReader, keepSecret: (secret: string) => void = () => {}): Access {
  const password = read.boolean("password-stdin") ? passwordFromInput() : read.string("password");
  const token = tokenOf(read);
  for (const secret of [password, token]) if (secret) keepSecret(secret);
  return {
    ...optional("username", read.string("username")),
    ...optional("password", password),
    ...optional("token", token),
    ...optional("caFile", read.string("ca-file")),
    ...optional("certFile", read.string("cert-file")),
    ...optional("keyFile", read.string("key-file")),
    ...(read.boolean("insecure-skip-tls-verify") && { insecureSkipTlsVerify: true }),
    ...(read.boolean("plain-http") && { plainHttp: true }),
    ...(read.boolean("pass-credentials") && { passCredentials: true }),
  };
}

function tokenOf(read: FlagReader): string | undefined {
  const file = read.string("bearer-token-file");
  const given = read.string("bearer-token");
  if (file === undefined && given === undefined) return undefined;
  if (file !== undefined && given !== undefined) throw together("--bearer-token-file", "--bearer-token");
  if (read.has("username") || read.has("password")) throw together("A bearer token", "a name and password");
  return checkToken(given ?? readText(file ?? "", "bearer token"));
}

function together(one: string, other: string): SlipwayError {
  return new SlipwayError("INPUT_INVALID", `${one} and ${other} can't be given together`);
}

/** The keyring, where `--verify` is given. */
export async function verification(read: FlagReader, env: Terminal["env"]): Promise<Pick<ChartSource, "verify">> {
  if (!read.boolean("verify")) return {};
  return { verify: { keyring: await keyringOf(read, env) } };
}

export async function keyringOf(read: FlagReader, env: Terminal["env"]): Promise<string> {
  const { defaultKeyring } = await import("../chart/provenance/keyring.ts");
  return read.string("keyring") ?? defaultKeyring(env, existsSync);
}

/** Everything up to the line's end, which is no part of the password. */
function passwordFromInput(): string {
  return readFileSync(0, "utf8").replace(/\r?\n$/, "");
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path === "-" ? 0 : path, "utf8");
  } catch (cause) {
    throw new SlipwayError("INPUT_INVALID", `Cannot read the ${what} "${path}"`, { where: path, cause });
  }
}
