import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { SlipwayError } from "../../base/error.ts";
import { isJsonObject, stringAt } from "../../base/json-path.ts";
import type { ChartHome, Env } from "../home.ts";
import { type Access, checkToken } from "../remote/access.ts";
import { askHelper } from "./credential-helper.ts";

/** A name and password, a token that others are asked with, or a token that is sent as it stands. */
export type Credential = { username?: string; password?: string; identityToken?: string; registryToken?: string };

type Found = Credential | undefined;

/** Who asks a registry: as the command line says, else Helm's registry file, else Docker's. */
export async function credentialFor(host: string, access: Access, home: ChartHome, env: Env): Promise<Found> {
  if (access.token) return { registryToken: checkToken(access.token) };
  if (access.username && access.password) return { username: access.username, password: access.password };
  return (await fromConfig(home.registryConfig, host, env)) ?? (await fromConfig(dockerConfig(env), host, env));
}

export function dockerConfig(env: Env): string {
  return join(env["DOCKER_CONFIG"] || join(env["HOME"] || homedir(), ".docker"), "config.json");
}

/** The name under which a registry's credentials are kept. */
export function serverAddress(host: string): string {
  return host === "docker.io" || host === "registry-1.docker.io" || host === "index.docker.io"
    ? "https://index.docker.io/v1/"
    : host;
}

/** The helper that keeps a registry's credentials, if one does. */
export function helperFor(config: unknown, host: string): string | undefined {
  return stringAt(config, "credHelpers", serverAddress(host)) || stringAt(config, "credsStore") || undefined;
}

/** A registry file as it is; empty where there is none. */
export function readRegistryConfig(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ENOTDIR")) return {};
    throw new SlipwayError("INPUT_INVALID", `Cannot read the registry file "${path}"`, { where: path, cause });
  }
  try {
    const config: unknown = text.trim() === "" ? {} : JSON.parse(text);
    if (isJsonObject(config)) return config;
  } catch {}
  throw new SlipwayError("INPUT_INVALID", `The registry file "${path}" is not JSON`, { where: path });
}

async function fromConfig(path: string, host: string, env: Env): Promise<Found> {
  const config = readRegistryConfig(path);
  const helper = helperFor(config, host);
  const kept = helper === undefined ? undefined : await askHelper(helper, serverAddress(host), env);
  return kept ?? fromAuths(config["auths"], host);
}

function fromAuths(auths: unknown, host: string): Found {
  if (!isJsonObject(auths)) return undefined;
  const address = serverAddress(host);
  const key = Object.hasOwn(auths, address)
    ? address
    : Object.keys(auths).find((name) => hostOf(name) === hostOf(address));
  return key === undefined ? undefined : readAuth(auths[key]);
}

// Older files have whole addresses as names.
function hostOf(name: string): string {
  return name.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
}

function readAuth(auth: unknown): Found {
  const identityToken = stringAt(auth, "identitytoken");
  const registryToken = stringAt(auth, "registrytoken");
  const encoded = stringAt(auth, "auth");
  const [username, ...rest] = encoded ? Buffer.from(encoded, "base64").toString("utf8").split(":") : [];
  const name = username || stringAt(auth, "username");
  const password = rest.length > 0 ? rest.join(":").replace(/\0+$/, "") : stringAt(auth, "password");
  if (!identityToken && !registryToken && !(name && password)) return undefined;
  return {
    ...(name && { username: name }),
    ...(password && { password }),
    ...(identityToken && { identityToken }),
    ...(registryToken && { registryToken }),
  };
}
