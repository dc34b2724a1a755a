import { existsSync, readFileSync } from "node:fs";
import { SlipwayError } from "../base/error.ts";
import type { ChartSource } from "../chart/chart-source.ts";
import type { Access } from "../chart/remote/access.ts";
import type { Terminal } from "./command.ts";
import { type FlagReader, optional } from "./read-flags.ts";

/** What the flags say of where a chart comes from. */
export async function chartSource(
  reference: string,
  read: FlagReader,
  { env, signal }: Pick<Terminal, "env" | "signal">,
): Promise<ChartSource> {
  const cosignKey = read.string("cosign-key");
  return {
    reference,
    env,
    signal,
    access: accessOf(read),
    ...optional("version", read.string("version")),
    ...optional("repository", read.string("repo")),
    ...(read.boolean("devel") && { devel: true }),
    ...(read.boolean("dependency-update") && { updateDependencies: true }),
    ...(await verification(read, env)),
    ...(cosignKey !== undefined && { cosignKey: readKey(cosignKey) }),
  };
}

export function accessOf(read: FlagReader): Access {
  const password = read.boolean("password-stdin") ? passwordFromInput() : read.string("password");
  return {
    ...optional("username", read.string("username")),
    ...optional("password", password),
    ...optional("caFile", read.string("ca-file")),
    ...optional("certFile", read.string("cert-file")),
    ...optional("keyFile", read.string("key-file")),
    ...(read.boolean("insecure-skip-tls-verify") && { insecureSkipTlsVerify: true }),
    ...(read.boolean("plain-http") && { plainHttp: true }),
    ...(read.boolean("pass-credentials") && { passCredentials: true }),
  };
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

function readKey(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new SlipwayError("INPUT_INVALID", `Cannot read the cosign key "${path}"`, { where: path, cause });
  }
}
