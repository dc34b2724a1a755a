import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePorts } from "./free-port.ts";

const recipe = fileURLToPath(new URL("../cluster", import.meta.url));

/** An API server of one's own, with flags of one's own; no controllers, no scheduler, no node. */
export type ApiServer = {
  url: string;
  /** Path of an administrator's kubeconfig. */
  kubeconfig: string;
  /** Path of the authority of its certificate. */
  authority: string;
  stop(): void;
};

export async function startApiServer(flags: Readonly<Record<string, string>>): Promise<ApiServer> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-api-"));
  const run = join(folder, "cluster");
  const port = await freePorts(3);
  const words = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  const env = { ...process.env, CONTROL_PLANE: "api", APISERVER_FLAGS: words.join(" ") };
  const up = spawnSync("bash", [join(recipe, "up.sh"), run, String(port)], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 90_000,
  });
  if (up.status !== 0) throw new Error(`The API server did not start: its logs are in ${run}`);
  return {
    url: `https://127.0.0.1:${port}`,
    kubeconfig: join(run, "kubeconfig"),
    authority: join(run, "certs/apiserver/apiserver.crt"),
    stop() {
      spawnSync("bash", [join(recipe, "down.sh"), run]);
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}
