import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Certificates } from "../chart/remote/certificates.ts";
import { partPath } from "../parts.ts";

export type RealRegistry = { host: string; stop(): Promise<void> };

/** Where tokens come from, and the keys (JWKS) that they are signed with. */
export type TokenSource = { realm: string; service: string; issuer: string; keys: object };

type Options = {
  port: number;
  certificates?: Certificates;
  /** Lines of an htpasswd file. */
  users?: string;
  token?: TokenSource;
};

/** The distribution project's registry on loopback; over TLS, with users or with tokens where that is asked for. */
export async function startRegistry({ port, certificates, users, token }: Options): Promise<RealRegistry> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-oci-"));
  const config = {
    version: "0.1",
    log: { level: "warn" },
    storage: { filesystem: { rootdirectory: join(folder, "data") }, delete: { enabled: true } },
    http: {
      addr: `127.0.0.1:${port}`,
      ...(certificates && { tls: { certificate: certificates.cert, key: certificates.key } }),
    },
    ...(users && { auth: { htpasswd: { realm: "test", path: join(folder, "users") } } }),
    ...(token && { auth: { token: tokenConfig(token, join(folder, "jwks.json")) } }),
  };
  writeFileSync(join(folder, "users"), users ?? "");
  writeFileSync(join(folder, "jwks.json"), JSON.stringify(token?.keys ?? {}));
  // JSON is YAML, too.
  writeFileSync(join(folder, "config.yml"), JSON.stringify(config));
  const env = { ...process.env, OTEL_TRACES_EXPORTER: "none" };
  const child = spawn(partPath("registry"), ["serve", join(folder, "config.yml")], { env, stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!(await accepts(port))) {
    if (isOver) throw new Error("The registry did not start");
  }
  return {
    host: `127.0.0.1:${port}`,
    async stop() {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function tokenConfig({ realm, service, issuer }: TokenSource, jwks: string) {
  return { realm, service, issuer, jwks, signingalgorithms: ["ES256"] };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => setTimeout(() => resolve(false), 20));
  });
}
