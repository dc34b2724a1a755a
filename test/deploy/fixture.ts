import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import type { Fault } from "../../src/sandbox/http/server.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { makeWorld, type World } from "../scenarios/tools.ts";

type Asked = { method: string; path: string };

/** A sandbox of a test file's own. */
export type Cluster = World & {
  /** Set, it decides for each request whether something goes wrong with it. */
  fault: ((asked: Asked) => Fault | undefined) | undefined;
  /** Set, it is told of each request before it is answered. */
  watch: ((asked: Asked) => void) | undefined;
  /** A chart with these files below its folder; its path. */
  chart(templates: Record<string, string>): string;
};

export async function startCluster(): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-deploy-"));
  const sandbox = await startSandbox({
    podStartMs: 10,
    intercept(asked) {
      cluster.watch?.(asked);
      return cluster.fault?.(asked);
    },
  });
  let made = 0;
  const world = await makeWorld(sandbox.kubeconfig);
  const cluster: Cluster = {
    ...world,
    fault: undefined,
    watch: undefined,
    chart(templates) {
      made += 1;
      const files = { "Chart.yaml": "apiVersion: v2\nname: it\nversion: 1.0.0\n", ...templates };
      for (const [name, text] of Object.entries(files)) {
        const path = join(
          folder,
          `${made}`,
          name === "Chart.yaml" || name === "values.yaml" ? name : `templates/${name}`,
        );
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
      }
      return join(folder, `${made}`);
    },
  };
  afterAll(async () => {
    world.close();
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return cluster;
}

export function configMap(name: string, data: string, more = ""): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}data: ${data}\n`;
}
