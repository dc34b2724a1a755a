import { cpSync, mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { connect } from "../../src/kube/connect.ts";
import type { KubeClient } from "../../src/kube/types.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { type Finished, runAction } from "../action/action-process.ts";
import type { EventRow } from "./event-rows.ts";
import { FakeGithub } from "./fake-github.ts";
import { headCommit, runnerEnv } from "./runner.ts";

export const githubToken = "ghs_the-token-of-this-run";

/** How the last run of a row ended, and what GitHub then has. */
export type Told = { finished: Finished; github: FakeGithub; secrets: readonly string[] };

/** Carries the runs of a row out by the bundled action, as a runner starts it, with a sandbox as the cluster. */
export async function runEvents(row: EventRow, { bundle, folder }: { bundle: string; folder: string }): Promise<Told> {
  const sandbox = await startSandbox({ podStartMs: 20, speed: 5 });
  const github = new FakeGithub();
  await github.start();
  try {
    github.fault = row.fault;
    const workspace = mkdtempSync(join(folder, "workspace-"));
    mkdirSync(join(workspace, "charts"));
    cpSync("examples/shop", join(workspace, "charts/shop"), { recursive: true });
    const common = {
      kubeconfig: sandbox.kubeconfig,
      "github-token": githubToken,
      release: "shop",
      chart: "charts/shop",
      namespace: "shop",
      timeout: "30s",
    };
    let finished: Finished | undefined;
    for (const { event, inputs, env = {}, byHand } of row.steps) {
      if (event.name === "pull_request") {
        github.pulls.set(7, { number: 7, state: event.action === "closed" ? "closed" : "open", sha: headCommit });
      }
      if (byHand) await withCluster(sandbox.kubeconfig, byHand);
      const creates = inputs["command"] === undefined ? { "create-namespace": "true" } : {};
      const workflow = runnerEnv({
        event,
        apiUrl: github.url,
        folder,
        env: { GITHUB_WORKSPACE: workspace, ...env },
      });
      finished = await runAction({ bundle, cwd: workspace, inputs: { ...common, ...creates, ...inputs }, workflow });
    }
    if (finished === undefined) throw new Error("a row without steps");
    return { finished, github, secrets: [githubToken, sandbox.token] };
  } finally {
    await sandbox.close();
    await github.close();
  }
}

/** Lets something else than the action do something to the cluster. */
export async function withCluster(kubeconfig: string, act: (kube: KubeClient) => Promise<unknown>): Promise<void> {
  const kube = await connect({ kubeconfig });
  try {
    await act(kube);
  } finally {
    kube.close();
  }
}
