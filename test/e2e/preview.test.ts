import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { mapConcurrently } from "../../src/base/concurrency.ts";
import { stringAt } from "../../src/base/json-path.ts";
import { deployDefaults } from "../../src/deploy/options.ts";
import { bringDown } from "../../src/deploy/preview/down.ts";
import { previewNames } from "../../src/deploy/preview/identity.ts";
import { annotations, numberLabel, repositoryLabel } from "../../src/deploy/preview/namespace-object.ts";
import type { PreviewSession } from "../../src/deploy/preview/session.ts";
import { type Swept, sweep } from "../../src/deploy/preview/sweep.ts";
import { bringUp, type UpOptions } from "../../src/deploy/preview/up.ts";
import type { KubeObject } from "../../src/kube/types.ts";
import { driverFor } from "../../src/release/driver.ts";
import { type Pull, type PullRequestEvent, play, pullRequestEvents } from "../scenarios/pull-requests.ts";
import type { World } from "../scenarios/tools.ts";
import { freshName, openWorld } from "../scenarios/world.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-previews-"));
const release = `p${Date.now().toString(36)}`;
const repository = `git.example/e2e/${freshName("previews")}`;
const other = `${repository}-other`;
const pulls = new Map<number, Pull>();
const dayMs = 24 * 3_600_000;
let world: World;

// A role is the cluster's, not the namespace's: it goes only where the release was uninstalled.
const template = `apiVersion: v1
kind: ConfigMap
metadata: {name: preview}
data: {sha: {{ .Values.sha | quote }}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {{ .Release.Namespace }}
  labels: {previews-of: ${release}}
rules: []
{{- if .Values.image }}
---
apiVersion: v1
kind: Pod
metadata: {name: slow}
spec: {containers: [{name: c, image: {{ .Values.image | quote }}}]}
{{- end }}
`;

beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
  mkdirSync(join(folder, "templates"), { recursive: true });
  writeFileSync(join(folder, "Chart.yaml"), "apiVersion: v2\nname: small\nversion: 1.0.0\n");
  writeFileSync(join(folder, "templates/all.yaml"), template);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const warnings: string[] = [];
function session(clock = systemClock): PreviewSession {
  return {
    kube: world.kube,
    clock,
    signal: new AbortController().signal,
    emit: (event) => void (event.type === "warning" && warnings.push(event.message)),
    driverIn: (namespace) => driverFor(world.kube, namespace, { kind: undefined, onUnreadable: () => {} }),
  };
}

const carryOut = { timeoutMs: 90_000, wait: true, waitForJobs: false, hooks: true };

function upOptions({ number, sha, order }: PullRequestEvent, of = repository): UpOptions {
  const identity = { repository: of, number, release };
  return {
    identity,
    names: previewNames(identity),
    labels: {},
    limits: { quota: { pods: "5" }, reachableFrom: [] },
    secrets: [],
    keepSecret: () => {},
    ttlMs: dayMs,
    commit: sha,
    run: { order },
    headOf: async () => (of === repository ? pulls.get(number) : undefined),
    deploy: {
      ...deployDefaults,
      ...carryOut,
      release,
      chart: folder,
      values: { setString: [`sha=${sha}`], env: {} },
      reuse: "reset",
    },
  };
}

async function react(event: PullRequestEvent): Promise<void> {
  if (event.run === "killed") return await killedRun(event);
  const { identity, names, run, headOf } = upOptions(event);
  if (event.action === "closed") await bringDown(session(), { ...carryOut, identity, names, run, headOf });
  else await bringUp(session(), upOptions(event));
}

/** The CLI as a process of its own, killed while it watches a rollout that comes to no end. */
async function killedRun({ number, sha }: PullRequestEvent): Promise<void> {
  const words = ["preview", "up", release, folder, "--repository", repository, "--pr", String(number), "--sha", sha];
  const values = ["--set-string", `sha=${sha}`, "--set", "image=registry.example/slow:never-ready"];
  const given = ["--kubeconfig", world.kubeconfig, "--timeout", "120s", "--ttl", "24h"];
  const child = spawn(process.execPath, [join(inject("dist"), "cli.js"), ...words, ...values, ...given], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    if (text.includes("Watching the rollout")) child.kill("SIGKILL");
  });
  expect([await ended, text]).toEqual([[null, "SIGKILL"], expect.stringContaining("Watching the rollout")]);
}

async function namespacesOf(of: string): Promise<KubeObject[]> {
  const { items } = await world.kube.list("v1", "Namespace", { labelSelector: repositoryLabel });
  return items.filter(({ metadata }) => metadata.annotations?.[annotations.owner]?.startsWith(`${of}#`));
}

async function roles(): Promise<string[]> {
  const { items } = await world.kube.list("rbac.authorization.k8s.io/v1", "ClusterRole", {
    labels: { "previews-of": release },
  });
  return items.map(({ metadata }) => metadata.name).sort();
}

/** What must stay as it is to the last bit: uid, version, and what lies in it. */
async function fingerprint(names: readonly string[]): Promise<unknown> {
  return await mapConcurrently(names, 4, async (name) => {
    const namespace = await world.kube.get({ apiVersion: "v1", kind: "Namespace", name });
    const { items } = await world.kube.list("v1", "ConfigMap", { namespace: name });
    const maps = items.map(({ metadata: { uid, resourceVersion } }) => `${uid} ${resourceVersion}`).sort();
    return [name, namespace?.metadata.uid, namespace?.metadata.deletionTimestamp, maps];
  });
}

function sweepWith(clock = systemClock): Promise<Swept[]> {
  return sweep(session(clock), {
    ...carryOut,
    repository,
    stateOf: async ({ number }) => (pulls.get(number)?.isOpen ? "open" : "closed"),
    dryRun: false,
  });
}

test.concurrent("twenty pull requests come and go in any order, two runs are killed: nothing is left, nothing else is touched", async () => {
  // The name of a preview that is somebody's already, and a namespace with all the marks of one.
  const taken = `pr-3-${release}`;
  const forged = `copy-${release}`;
  await world.kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: taken } });
  const neighbour = await bringUp(session(), upOptions({ ...opened(1), run: "whole" }, other));
  if (neighbour.kind !== "up") throw new Error("the neighbour's preview is not up");
  const marked = await world.kube.get({ apiVersion: "v1", kind: "Namespace", name: neighbour.namespace });
  const { labels = {}, annotations: copied = {} } = marked?.metadata ?? {};
  await world.kube.create({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: forged, labels: { ...labels }, annotations: copied },
  });
  const foreign = [taken, forged, neighbour.namespace];
  const before = await fingerprint(foreign);

  const events = pullRequestEvents({ count: 20, seed: 7, killed: [6, 12] });
  await play(events, pulls, 6, react);

  // Whatever overlapped: what is open runs its newest commit. Of what is closed, only that is left of which no run heard.
  const there = await namespacesOf(repository);
  const numberOf = ({ metadata }: KubeObject) => Number(metadata.labels?.[numberLabel]);
  const shas = await mapConcurrently(there, 4, async (namespace): Promise<[number, unknown]> => {
    const ref = { apiVersion: "v1", kind: "ConfigMap", namespace: namespace.metadata.name, name: "preview" };
    return [numberOf(namespace), stringAt(await world.kube.get(ref), "data", "sha")];
  });
  const open = [...pulls].filter(([, { isOpen }]) => isOpen);
  const unheard = events.filter(({ run }) => run === "none").map(({ number }) => number);
  const heads = open.map(([number, { commit }]) => [number, commit] as const);
  expect(Object.fromEntries(shas)).toMatchObject(Object.fromEntries(heads));
  expect(there.map(numberOf).filter((number) => !pulls.get(number)?.isOpen && !unheard.includes(number))).toEqual([]);

  const first = await sweepWith();
  const count = (wanted: string) => first.filter(({ outcome }) => outcome === wanted).length;
  expect({ kept: count("kept"), removed: count("removed") }).toEqual({
    kept: open.length,
    removed: there.length - open.length,
  });
  expect(count("removed")).toBeGreaterThan(0);

  const tomorrow = { ...systemClock, now: () => systemClock.now() + dayMs };
  const second = await sweepWith(tomorrow);
  expect(new Set(second.map(({ outcome }) => outcome))).toEqual(new Set(["removed"]));
  expect(await namespacesOf(repository)).toEqual([]);
  expect(await roles()).toEqual([neighbour.namespace]);
  expect(await fingerprint(foreign)).toEqual(before);

  const forgedOne = await sweep(session(tomorrow), {
    ...carryOut,
    repository: other,
    stateOf: async () => "closed",
    dryRun: false,
  });
  expect(forgedOne.map(({ namespace, outcome }) => [namespace, outcome]).sort()).toEqual(
    [
      [forged, "foreign"],
      [neighbour.namespace, "removed"],
    ].sort(),
  );
  expect(await roles()).toEqual([]);
  for (const name of [taken, forged]) await world.kube.delete({ apiVersion: "v1", kind: "Namespace", name });
});

function opened(number: number): PullRequestEvent {
  return { number, action: "opened", sha: "f".repeat(40), order: 1, run: "whole" };
}

test.concurrent("a sweep says what holds a namespace that does not go", async () => {
  const held = { repository: `${repository}-held`, number: 1, release: `${release}h` };
  const up = await bringUp(session(), {
    ...upOptions(opened(1), held.repository),
    identity: held,
    names: previewNames(held),
    deploy: { ...upOptions(opened(1)).deploy, release: held.release },
  });
  if (up.kind !== "up") throw new Error("it is not up");
  const ref = { apiVersion: "v1", kind: "ConfigMap", namespace: up.namespace, name: "guarded" };
  const metadata = { name: ref.name, namespace: ref.namespace, finalizers: ["example.com/guard"] };
  await world.kube.create({ apiVersion: ref.apiVersion, kind: ref.kind, metadata });
  const options = { ...carryOut, repository: held.repository, stateOf: async () => "closed" as const, dryRun: false };
  const [swept] = await sweep(session(), { ...options, timeoutMs: 8_000 });
  expect(swept).toMatchObject({ namespace: up.namespace, outcome: "held" });
  expect(swept?.why).toMatch(
    /is still there 8 s after it was deleted: finalizers hold what is in it: .*example\.com\/guard/,
  );
  await world.kube.patch(ref, "merge", { metadata: { finalizers: null } });
  expect((await sweep(session(), options)).map(({ outcome }) => outcome)).toEqual(["removed"]);
});
