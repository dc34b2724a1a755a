import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { writeBundles } from "../../scripts/bundle.ts";
import { freePorts } from "./free-port.ts";

declare module "vitest" {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be added to
  export interface ProvidedContext {
    /** Path of an administrator's kubeconfig of the real control plane. */
    kubeconfig: string;
    /** The folder with the bundles that the suite runs, built from the source as it is. */
    dist: string;
  }
}

const recipe = fileURLToPath(new URL("../cluster", import.meta.url));

/** Starts the real control plane once for all files, or takes the one that SLIPWAY_E2E_KUBECONFIG names. */
export async function setup(project: TestProject): Promise<(() => void) | undefined> {
  // To list tests, nothing has to run.
  if (process.env["SLIPWAY_E2E_LIST"]) return undefined;
  // What the tests make fail on purpose must not be told to the CI that runs them.
  for (const name of ["GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITLAB_CI", "BUILDKITE"]) delete process.env[name];
  const folder = mkdtempSync(join(tmpdir(), "slipway-e2e-"));
  const dist = join(folder, "dist");
  await writeBundles(dist);
  project.provide("dist", dist);
  const existing = process.env["SLIPWAY_E2E_KUBECONFIG"];
  if (existing) {
    project.provide("kubeconfig", existing);
    return () => rmSync(folder, { recursive: true, force: true });
  }
  const run = join(folder, "cluster");
  const port = await freePorts(4);
  const up = spawnSync("bash", [join(recipe, "up.sh"), run, String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 90_000,
  });
  if (up.status !== 0) throw new Error(`The control plane did not start: its logs are in ${run}`);
  project.provide("kubeconfig", join(run, "kubeconfig"));
  return () => {
    spawnSync("bash", [join(recipe, "down.sh"), run]);
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
}
