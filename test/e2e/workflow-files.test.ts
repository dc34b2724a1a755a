import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { parse } from "yaml";
import { connect } from "../../src/kube/connect.ts";
import type { KubeClient } from "../../src/kube/types.ts";
import { FakeGithub } from "../github/fake-github.ts";
import { type GithubEvent, headCommit, payloadOf } from "../github/runner.ts";
import { type ActWorld, commitAll, makeWorld, runAct } from "./act.ts";

type Workflow = { on?: string | string[] | Record<string, { types?: string[] } | null>; jobs: Record<string, Job> };
type Job = { uses?: string; steps?: { uses?: string }[] };
type Ran = { event: GithubEvent; log: string };

type Row = {
  /** What is done in the repository before it runs. */
  before?: () => void;
  /** What its runs have to say, besides that they succeed. */
  check?: (runs: readonly Ran[]) => unknown;
};

const folder = mkdtempSync(join(tmpdir(), "slipway-workflows-"));
const github = new FakeGithub();
let world: ActWorld;
let commit = "";
let kube: KubeClient;

const setReplicas = (replicas: number) => () =>
  writeFileSync(join(world.repository, "deploy/values.production.yaml"), `replicas: ${replicas}\n`);
const pullComment = () => github.comments.map(({ body }) => body).join("\n");

/** In this order; any other file runs after them, and has to succeed. */
const rows: Record<string, Row> = {
  "deploy.yml": {
    before: setReplicas(1),
    check: ([run]) => expect(run?.log).toMatch(/Revision \d+ of the shop is deployed/),
  },
  "drift.yml": {
    check: () => expect(github.issues.filter(({ title }) => title === "Drift of shop in namespace shop")).toEqual([]),
  },
  "plan.yml": {
    before: setReplicas(2),
    check: () => expect(pullComment()).toMatch(/-\s+replicas: 1\n\+\s+replicas: 2/),
  },
  "approve.yml": {
    check: ([run]) => expect(run?.log).toMatch(/Approve\/deploy.*✓ shop is deployed\. Revision \d+ runs/),
  },
  "preview.yml": {
    async check(runs) {
      expect(runs.map(({ log }) => /output:: preview=(\w+)/.exec(log)?.[1])).toEqual(["up", "up", "down"]);
      expect(pullComment()).toContain("The preview of shop is gone");
      expect(github.deployments.map(({ statuses }) => statuses.at(-1)?.state)).toContain("inactive");
      expect(await kube.get({ apiVersion: "v1", kind: "Namespace", name: "pr-7-shop" })).toBeUndefined();
    },
  },
};

const examples = readdirSync("examples/workflows").map((name) => [
  name,
  readFileSync(join("examples/workflows", name), "utf8"),
]);
const files = new Map<string, string>([
  ...(examples as [string, string][]),
  ...inMarkdown("README.md"),
  ...callersOf(".github/workflows"),
]);
const names = [...new Set([...Object.keys(rows), ...files.keys()])];

beforeAll(async () => {
  kube = await connect({ kubeconfig: inject("kubeconfig") });
  await github.start();
  github.mostPerPage = 100;
  world = makeWorld(folder, inject("dist"));
  const write = (path: string, text: string) => writeFileSync(join(world.repository, path), text);
  cpSync("examples/shop", join(world.repository, "charts/shop"), { recursive: true });
  mkdirSync(join(world.repository, "deploy"));
  write("deploy/values.yaml", "image:\n  tag: none\n");
  write("deploy/production.yaml", "replicas: 1\n");
  setReplicas(1)();
  for (const [name, text] of files) write(`.github/workflows/${name}`, text);
  commit = commitAll(world);
});
afterAll(async () => {
  for (const name of ["shop", "pr-7-shop"]) {
    await kube.delete({ apiVersion: "v1", kind: "Namespace", name }).catch(() => undefined);
  }
  kube.close();
  await github.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

test.each(names)("%s runs as it stands", async (name) => {
  const { before, check } = rows[name] ?? {};
  const text = files.get(name) ?? "";
  before?.();
  const runs: Ran[] = [];
  for (const event of eventsOf(parse(text))) {
    if (event.name === "pull_request") {
      github.pulls.set(7, { number: 7, state: event.action === "closed" ? "closed" : "open", sha: headCommit });
    }
    const { code, log } = await runWorkflow(name, event, text);
    // It looks at what other tests have in the cluster, too, and some of them break what they have.
    const isOthers = text.includes("all-namespaces: true") && code !== 0;
    if (isOthers) {
      expect(log).toMatch(/::error title=[^:]*releases? failed/);
      expect(log).not.toContain("shop in namespace shop");
      continue;
    }
    expect(code, `${event.name}\n${log}`).toBe(0);
    // A job that was passed over tells nothing.
    expect(log).toMatch(/Success - Main OWNER\/slipway@/);
    expect(log).toContain("Job succeeded");
    expect(log).not.toMatch(/::error|Job failed/);
    runs.push({ event, log });
  }
  if (!text.includes("all-namespaces: true")) expect(runs).not.toEqual([]);
  await check?.(runs);
});

function runWorkflow(name: string, event: GithubEvent, text: string) {
  const kubeconfig = readFileSync(inject("kubeconfig")).toString("base64");
  const secrets = Object.fromEntries([...text.matchAll(/secrets\.(\w+)/g)].map(([, secret]) => [secret, kubeconfig]));
  return runAct(world, {
    event: event.name,
    workflow: `.github/workflows/${name}`,
    payload: payloadOf(event),
    secrets: { ...secrets, GITHUB_TOKEN: "ghs_the-token-of-this-run" },
    env: { GITHUB_API_URL: github.url, KEPT_ARTIFACTS: join(folder, "artifacts") },
    actions: actionsIn(parse(text)),
  });
}

/** All that it names are stood in for: nothing is fetched. act itself does what actions/checkout does. */
function actionsIn({ jobs }: Workflow): Record<string, string> {
  const called = Object.values(jobs).some(({ uses }) => uses !== undefined);
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
  const used = [...steps.flatMap(({ uses }) => uses ?? []), ...(called ? ["OWNER/slipway@v0.1.0"] : [])];
  const folders = used.map((uses) => [uses, uses.startsWith("OWNER/slipway@") ? world.action : standIn(uses)]);
  return Object.fromEntries(folders.filter(([uses]) => !uses?.startsWith("actions/checkout@")));
}

function standIn(uses: string): string {
  return resolve("test/e2e/actions", uses.replace(/^actions\//, "").replace(/@.*$/, ""));
}

/** Every event that starts it, a pull request as it opens and as it is closed. */
function eventsOf({ on = "push" }: Workflow): GithubEvent[] {
  const triggers =
    typeof on === "string"
      ? { [on]: null }
      : Array.isArray(on)
        ? Object.fromEntries(on.map((name) => [name, null]))
        : on;
  return Object.entries(triggers).flatMap(([name, trigger]): GithubEvent[] => {
    if (name === "schedule") return [{ name, cron: "0 6 * * *" }];
    if (name !== "pull_request") return [{ name: name as "push", change: name === "push" ? { after: commit } : {} }];
    const actions = ["opened", "synchronize", "closed"] as const;
    return actions
      .filter((action) => (trigger?.types ?? ["opened"]).includes(action))
      .map((action) => ({ name, action }));
  });
}

/** How a workflow that is there to be called says that it is called. */
function callersOf(path: string): [string, string][] {
  const calls = readdirSync(path).map((name) => [name, readFileSync(join(path, name), "utf8")] as const);
  return calls
    .filter(([, text]) => text.startsWith("# To be called"))
    .map(([name, text]): [string, string] => {
      const example = [...text.matchAll(/^# {3}(.*)$/gm)].map(([, line]) => line).join("\n");
      return [`call-${name}`, /^on:/m.test(example) ? example : `on: push\n${example}`];
    });
}

/** The workflows that stand in a document, which says when they run in its own words. */
function inMarkdown(path: string): [string, string][] {
  const blocks = [...readFileSync(path, "utf8").matchAll(/^```ya?ml\n([\s\S]*?)^```$/gm)].flatMap(
    ([, text]) => text ?? [],
  );
  return blocks
    .filter((text) => /^jobs:/m.test(text))
    .map((text, index) => [`${path}-${index + 1}.yml`, /^on:/m.test(text) ? text : `on: push\n${text}`]);
}
