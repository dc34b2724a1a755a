import { afterAll, beforeAll, expect, test } from "vitest";
import { type Clock, systemClock } from "../../../src/base/clock.ts";
import { mapConcurrently } from "../../../src/base/concurrency.ts";
import { deployDefaults } from "../../../src/deploy/options.ts";
import { bringDown } from "../../../src/deploy/preview/down.ts";
import { type PreviewIdentity, previewNames } from "../../../src/deploy/preview/identity.ts";
import type { PreviewSession } from "../../../src/deploy/preview/session.ts";
import { sweep } from "../../../src/deploy/preview/sweep.ts";
import { bringUp, type UpOptions } from "../../../src/deploy/preview/up.ts";
import type { KubeClient } from "../../../src/kube/types.ts";
import { driverFor } from "../../../src/release/driver.ts";
import { type Cluster, startCluster } from "../fixture.ts";

const repository = "git.example/o/r";
const carryOut = { timeoutMs: 60_000, wait: true, waitForJobs: false, hooks: true };
let cluster: Cluster;
let chart: string;
beforeAll(async () => {
  cluster = await startCluster();
  chart = cluster.chart({
    "all.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: preview}
data: {sha: {{ .Values.sha | quote }}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "{{ .Release.Namespace }}"}
rules: []
`,
  });
});
afterAll(() => cluster.close());

/** Waits no longer than it has to: whoever asks for time to pass has it pass. */
function hastyClock(): Clock {
  let ahead = 0;
  return {
    now: () => systemClock.now() + ahead,
    async delay(ms, signal) {
      ahead += ms;
      await systemClock.delay(1, signal);
    },
  };
}

/** A client that dies with its run: from the request of that index on nothing is sent, and nothing comes back. */
function mortal(kube: KubeClient, index: number): { kube: KubeClient; died: Promise<void>; sent(): number } {
  let sent = 0;
  let die = () => {};
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  const methods = new Set(["get", "list", "create", "replace", "patch", "delete"]);
  const dying = new Proxy(kube, {
    get(target, name: keyof KubeClient) {
      const member = target[name];
      if (typeof member !== "function" || !methods.has(name)) return member;
      return (...words: unknown[]) => {
        if (sent < index) {
          sent += 1;
          return Reflect.apply(member, target, words);
        }
        die();
        return new Promise(() => {});
      };
    },
  });
  return { kube: dying, died, sent: () => sent };
}

function session(kube: KubeClient = cluster.kube): PreviewSession {
  return {
    kube,
    clock: hastyClock(),
    signal: new AbortController().signal,
    emit: () => {},
    driverIn: (namespace) => driverFor(kube, namespace, { kind: undefined, onUnreadable: () => {} }),
  };
}

function upOptions(identity: PreviewIdentity, sha: string): UpOptions {
  return {
    identity,
    names: previewNames(identity),
    labels: {},
    limits: { quota: { pods: "3" } },
    secrets: [],
    keepSecret: () => {},
    commit: sha,
    run: {},
    headOf: async () => undefined,
    deploy: {
      ...deployDefaults,
      ...carryOut,
      release: identity.release,
      chart,
      values: { setString: [`sha=${sha}`], env: {} },
      reuse: "reset",
    },
  };
}

type Work = (session: PreviewSession, identity: PreviewIdentity) => Promise<unknown>;

const up: Work = (each, identity) => bringUp(each, upOptions(identity, "a".repeat(40)));
const down: Work = (each, identity) => bringDown(each, { ...carryOut, identity, names: previewNames(identity) });

/** True where it came to its end before it died. */
async function killAt(index: number, work: Work, identity: PreviewIdentity): Promise<boolean> {
  const { kube, died } = mortal(cluster.kube, index);
  return await Promise.race([work(session(kube), identity).then(() => true), died.then(() => false)]);
}

async function requestsOf(work: Work, identity: PreviewIdentity): Promise<number> {
  const { kube, sent } = mortal(cluster.kube, Number.POSITIVE_INFINITY);
  await work(session(kube), identity);
  return sent();
}

/** What of the preview is in the cluster: its namespace, and what lies outside of it. */
async function leftOf({ number, release }: PreviewIdentity): Promise<string[]> {
  const name = `pr-${number}-${release}`;
  const kinds = [
    ["v1", "Namespace"],
    ["rbac.authorization.k8s.io/v1", "ClusterRole"],
  ] as const;
  const found = await Promise.all(kinds.map(([apiVersion, kind]) => cluster.kube.get({ apiVersion, kind, name })));
  return found.flatMap((object) => (object ? [`${object.kind} ${object.metadata.name}`] : []));
}

const identityOf = (number: number): PreviewIdentity => ({ repository, number, release: "shop" });
const sweepAll = () =>
  sweep(session(), { ...carryOut, repository, stateOf: async () => "closed" as const, dryRun: false });

test("killed at any of its requests, bringing up is gone on with by the next push, or swept", async () => {
  const requests = await requestsOf(up, identityOf(1));
  expect(requests).toBeGreaterThan(15);
  await mapConcurrently([...Array(requests).keys()], 4, async (index) => {
    const identity = identityOf(1000 + index);
    expect(await killAt(index, up, identity)).toBe(false);
    // Half of them are pushed to again, half are never heard of.
    if (index % 2 === 0) return;
    const next = await bringUp(session(), upOptions(identity, "b".repeat(40)));
    expect([index, next.kind]).toEqual([index, "up"]);
    const ref = { apiVersion: "v1", kind: "ConfigMap", namespace: `pr-${identity.number}-shop`, name: "preview" };
    expect(await cluster.kube.get(ref)).toMatchObject({ data: { sha: "b".repeat(40) } });
  });
  const swept = await sweepAll();
  expect(swept.filter(({ outcome }) => outcome !== "removed")).toEqual([]);
  const left = await mapConcurrently([...Array(requests).keys()], 4, (index) => leftOf(identityOf(1000 + index)));
  expect(left.flat()).toEqual([]);
}, 120_000);

test("killed at any of its requests, taking down is finished by the sweep", async () => {
  await up(session(), identityOf(2));
  const requests = await requestsOf(down, identityOf(2));
  expect(requests).toBeGreaterThan(10);
  await mapConcurrently([...Array(requests).keys()], 4, async (index) => {
    const identity = identityOf(2000 + index);
    await up(session(), identity);
    expect(await killAt(index, down, identity)).toBe(false);
  });
  const swept = await sweepAll();
  expect(swept.filter(({ outcome }) => outcome !== "removed")).toEqual([]);
  const left = await mapConcurrently([...Array(requests).keys()], 4, (index) => leftOf(identityOf(2000 + index)));
  expect(left.flat()).toEqual([]);
}, 120_000);

test("a name that has become free since does not make a second preview", async () => {
  const identity = identityOf(3);
  const [plain, withHash] = previewNames(identity);
  const taken = { apiVersion: "v1", kind: "Namespace", name: plain };
  await cluster.kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: plain } });
  expect(await up(session(), identity)).toMatchObject({ kind: "up", namespace: withHash });
  await cluster.kube.delete(taken);
  expect(await up(session(), identity)).toMatchObject({ kind: "up", namespace: withHash });
  expect(await down(session(), identity)).toEqual({ kind: "down", namespace: withHash });
});

test("a preview that was opened anew while it was taken down waits until the old one is gone", async () => {
  const identity = identityOf(4);
  await up(session(), identity);
  const name = `pr-4-shop`;
  const guarded = { apiVersion: "v1", kind: "ConfigMap", namespace: name, name: "guarded" };
  await cluster.kube.create({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: guarded.name, namespace: name, finalizers: ["example.com/guard"] },
  });
  const going = down(session(), identity);
  const isGoing = async () =>
    (await cluster.kube.get({ apiVersion: "v1", kind: "Namespace", name }))?.metadata.deletionTimestamp !== undefined;
  await expect.poll(isGoing, { timeout: 10_000 }).toBe(true);
  const again = up(session(), identity);
  await cluster.kube.patch(guarded, "merge", { metadata: { finalizers: null } });
  expect(await going).toMatchObject({ kind: "down" });
  expect(await again).toMatchObject({ kind: "up", namespace: name });
  await down(session(), identity);
});
