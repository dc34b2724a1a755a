import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, inject, test } from "vitest";
import { mapConcurrently } from "../../src/base/concurrency.ts";
import { connect } from "../../src/kube/connect.ts";
import { secretsDriver } from "../../src/release/secrets-driver.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { runSlipway } from "../scenarios/tools.ts";
import { shop } from "../scenarios/world.ts";

const place = ["shop", "-n", "shop"];
const upgrade = ["deploy", ...place, "--set", "image.tag=1.1,cache.enabled=false"];

type Story = {
  name: string;
  before: string[][];
  killed: string[];
  revisions: number;
  /** The example's where absent. */
  chart?: string;
  /** What lies in the namespace when the next deploy has mended it. */
  whole?: string[];
};

const charts = mkdtempSync(join(tmpdir(), "slipway-crash-charts-"));
afterAll(() => rmSync(charts, { recursive: true, force: true }));

// The pods of neither can be changed in place.
const replaced = `apiVersion: batch/v1
kind: Job
metadata: {name: once}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: "once:{{ .Values.image.tag }}"}]}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: fixed}
immutable: true
data: {tag: "{{ .Values.image.tag }}"}
`;

function writeChart(name: string, template: string): string {
  const path = join(charts, name);
  mkdirSync(join(path, "templates"), { recursive: true });
  writeFileSync(join(path, "Chart.yaml"), `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`);
  writeFileSync(join(path, "values.yaml"), 'image: {tag: "1.0"}\n');
  writeFileSync(join(path, "templates/all.yaml"), template);
  return path;
}

const stories: Story[] = [
  { name: "a first deploy", before: [], killed: ["deploy", ...place, "--create-namespace"], revisions: 1 },
  { name: "an upgrade", before: [["deploy", ...place, "--create-namespace"]], killed: upgrade, revisions: 2 },
  {
    name: "a rollback",
    before: [["deploy", ...place, "--create-namespace"], upgrade],
    killed: ["rollback", ...place],
    revisions: 3,
  },
  {
    name: "a replacement",
    chart: writeChart("replaced", replaced),
    before: [["deploy", ...place, "--create-namespace"]],
    killed: ["deploy", ...place, "--set", "image.tag=1.1", "--replace-immutable=all"],
    revisions: 2,
    whole: ["ConfigMap fixed", "ConfigMap kube-root-ca.crt", "Job once"],
  },
];

const withChart = ([command = "", name = "", ...flags]: string[], chart = shop) =>
  command === "deploy" ? [command, name, chart, ...flags] : [command, name, ...flags];

/** Runs a story on a sandbox of its own and kills its last command when it sends the request of that index. */
async function killAt(story: Story, index: number): Promise<{ sent: number; left: string[]; problems: string[] }> {
  let child: ChildProcess | undefined;
  let sent = 0;
  const sandbox = await startSandbox({
    speed: 20,
    intercept: () => {
      if (child === undefined) return undefined;
      if (sent++ !== index) return child.killed ? "stall" : undefined;
      child.kill("SIGKILL");
      return "stall";
    },
  });
  const folder = mkdtempSync(join(tmpdir(), "slipway-crash-"));
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, sandbox.kubeconfig, { mode: 0o600 });
  const run = (words: string[]) => runSlipway([...withChart(words, story.chart), "--kubeconfig", kubeconfig]);
  try {
    for (const words of story.before) expect(await run(words)).toMatchObject({ code: 0 });
    const cli = join(inject("dist"), "cli.js");
    child = spawn(process.execPath, [cli, ...withChart(story.killed, story.chart), "--kubeconfig", kubeconfig], {
      stdio: "ignore",
    });
    await once(child, "exit");
    const counted = sent;
    child = undefined;
    const flags = story.killed.filter((word) => word.startsWith("--replace-immutable"));
    const next = await run(["deploy", ...place, "--create-namespace", "--set", "image.tag=1.2", ...flags]);
    const problems = next.code === 0 ? [] : [`the next deploy failed: ${next.err}`];
    const found = await inspect(kubeconfig, story);
    return { sent: counted, left: found.left, problems: [...problems, ...found.problems] };
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What lies in the namespace, and what is wrong with the history. */
async function inspect(kubeconfig: string, story: Story): Promise<{ left: string[]; problems: string[] }> {
  const kube = await connect({ kubeconfig });
  try {
    const kinds = [
      ["v1", "ConfigMap"],
      ["v1", "Service"],
      ["apps/v1", "Deployment"],
      ["apps/v1", "StatefulSet"],
      ["batch/v1", "Job"],
      ["coordination.k8s.io/v1", "Lease"],
    ] as const;
    const lists = await Promise.all(
      kinds.map(([apiVersion, kind]) => kube.list(apiVersion, kind, { namespace: "shop" })),
    );
    const left = lists.flatMap(({ items }) => items.map((item) => `${item.kind} ${item.metadata.name}`));
    const history = await secretsDriver(kube, "shop").history("shop");
    const numbers = history.map((release) => release.revision);
    const statuses = history.map((release) => release.status);
    const isGapless = numbers.every((number, position) => number === position + 1);
    const isClear = statuses.filter((status) => status === "deployed").length === 1 && statuses.at(-1) === "deployed";
    const isWhole = history.length >= story.revisions;
    const problem = `the history is ${history.map((release) => `${release.revision} ${release.status}`).join(", ")}`;
    return { left, problems: isGapless && isClear && isWhole ? [] : [problem] };
  } finally {
    kube.close();
  }
}

const whole = [
  "ConfigMap kube-root-ca.crt",
  "ConfigMap shop-settings",
  "Service shop-cache",
  "Service shop-web",
  "Deployment shop-web",
  "StatefulSet shop-cache",
];

// All of them; a larger step tries fewer.
const step = Number(process.env["SLIPWAY_CRASH_STEP"] ?? 1);

test.each(stories)(
  "$name, killed at any of its requests, is mended by the next deploy",
  { timeout: 600_000 },
  async (story) => {
    const { sent } = await killAt(story, Number.POSITIVE_INFINITY);
    expect(sent).toBeGreaterThan(10);
    const points = Array.from({ length: Math.ceil(sent / step) }, (_, position) => position * step);
    const ends = await mapConcurrently(points, 3, async (index) => ({ index, ...(await killAt(story, index)) }));
    console.log(`${story.name}: ${sent} requests, killed at ${points.length} of them`);
    expect(ends.filter(({ problems }) => problems.length > 0)).toEqual([]);
    for (const { left } of ends) expect(left.sort()).toEqual([...(story.whole ?? whole)].sort());
  },
);
