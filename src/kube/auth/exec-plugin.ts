import { execFile } from "node:child_process";
import { SlipwayError } from "../../base/error.ts";
import { arrayAt, booleanAt, type JsonObject, stringAt } from "../../base/json-path.ts";
import { pathFrom } from "../config/material.ts";
import type { Connection, Credentials } from "../connection.ts";
import { type Authenticate, bearer } from "./credentials.ts";

type Plugin = {
  exec: JsonObject;
  folder: string;
  user: string;
  cluster: Pick<Connection, "server" | "tls">;
};

const timeoutMs = 60_000;
const outputLimitBytes = 1024 * 1024;

/** Runs the command that a kubeconfig names (of a cloud's login, mostly), and reads the ExecCredential it prints. */
export function withExecPlugin(plugin: Plugin): Authenticate {
  let known: { credentials: Credentials; expires: number } | undefined;
  return async (renew) => {
    if (known && !renew && Date.now() < known.expires) return known.credentials;
    known = readCredential(await run(plugin), plugin);
    return known.credentials;
  };
}

function run(plugin: Plugin): Promise<string> {
  const { exec, folder } = plugin;
  const command = stringAt(exec, "command");
  if (!command) throw failure(plugin, "it names no command");
  if (stringAt(exec, "interactiveMode") === "Always")
    throw failure(plugin, "it wants to ask somebody, and nobody is there");
  const args = arrayAt(exec, "args").filter((arg) => typeof arg === "string");
  const env = { ...process.env, ...environmentOf(exec), KUBERNETES_EXEC_INFO: execInfo(plugin) };
  // A bare name is searched for; a relative path starts at the kubeconfig.
  const program = /[/\\]/.test(command) ? pathFrom(folder, command) : command;

  return new Promise((resolve, reject) => {
    const options = { env, timeout: timeoutMs, maxBuffer: outputLimitBytes, windowsHide: true };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else if (error.killed) reject(failure(plugin, `it did not end within ${timeoutMs / 1000} s`));
      else if (error.code === "ENOENT") reject(failure(plugin, "there is no such command", error));
      else reject(failure(plugin, lastLines(stderr) || error.message, error));
    });
    // It must not wait for an answer that nobody gives.
    child.stdin?.end();
  });
}

function environmentOf(exec: JsonObject): Record<string, string> {
  const pairs = arrayAt(exec, "env").map((entry) => [stringAt(entry, "name") ?? "", stringAt(entry, "value") ?? ""]);
  return Object.fromEntries(pairs.filter(([name]) => name !== ""));
}

function execInfo({ exec, cluster }: Plugin): string {
  const { server, tls } = cluster;
  const described = {
    server: server.href.replace(/\/$/, ""),
    ...(tls.servername !== undefined && { "tls-server-name": tls.servername }),
    ...(tls.insecure && { "insecure-skip-tls-verify": true }),
    ...(tls.ca !== undefined && { "certificate-authority-data": Buffer.from(tls.ca).toString("base64") }),
  };
  const spec = { interactive: false, ...(booleanAt(exec, "provideClusterInfo") && { cluster: described }) };
  return JSON.stringify({ apiVersion: stringAt(exec, "apiVersion"), kind: "ExecCredential", spec });
}

function readCredential(output: string, plugin: Plugin): { credentials: Credentials; expires: number } {
  const printed = parse(output, plugin);
  if (stringAt(printed, "kind") !== "ExecCredential") throw failure(plugin, "it did not print an ExecCredential");
  const token = stringAt(printed, "status", "token");
  const cert = stringAt(printed, "status", "clientCertificateData");
  const key = stringAt(printed, "status", "clientKeyData");
  if (!token && !(cert && key)) throw failure(plugin, "its ExecCredential holds no token and no certificate");
  const expires = Date.parse(stringAt(printed, "status", "expirationTimestamp") ?? "");
  const credentials: Credentials = {
    headers: token ? bearer(token) : {},
    ...(cert && key && { clientCertificate: { cert, key } }),
    renewable: true,
    ...(!Number.isNaN(expires) && { renewAt: expires }),
  };
  return { credentials, expires: Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires };
}

function parse(output: string, plugin: Plugin): unknown {
  try {
    return JSON.parse(output);
  } catch {
    // Not the parser's message: it repeats the text, which may hold the token.
    throw failure(plugin, "what it printed is not JSON");
  }
}

function lastLines(text: string): string {
  return text.trim().split(/\r?\n/).slice(-3).join(" · ").slice(-500);
}

function failure({ exec, user }: Plugin, reason: string, cause?: unknown): SlipwayError {
  const command = stringAt(exec, "command") ?? "";
  const hint = stringAt(exec, "installHint")?.trim();
  return new SlipwayError("KUBE_CONFIG", `Cannot log in with "${command}" for the user "${user}": ${reason}`, {
    hint: hint || "Install the command on this machine, and check that it works there by hand.",
    cause,
  });
}
