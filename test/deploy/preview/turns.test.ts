import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { deployDefaults } from "../../../src/deploy/options.ts";
import { bringDown } from "../../../src/deploy/preview/down.ts";
import { type PreviewIdentity, previewNames } from "../../../src/deploy/preview/identity.ts";
import { annotations } from "../../../src/deploy/preview/namespace-object.ts";
import type { PreviewSession } from "../../../src/deploy/preview/session.ts";
import { sweep } from "../../../src/deploy/preview/sweep.ts";
import { bringUp, type UpOptions, type UpResult } from "../../../src/deploy/preview/up.ts";
import type { KubeClient } from "../../../src/kube/types.ts";
import { driverFor } from "../../../src/release/driver.ts";
import { type Cluster, startCluster } from "../fixture.ts";

const repository = "git.example/o/r";
const carryOut = { timeoutMs: 30_000, wait: true, waitForJobs: false, hooks: true };
const [first, second] = ["1".repeat(40), "2".repeat(40)];
let cluster: Cluster;
let chart: string;
beforeAll(async () => {
  cluster = await startCluster();
  chart = cluster.chart({
    "map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: it}\ndata: {sha: {{ .Values.sha | quote }}}\n",
  });
});
afterAll(() => cluster.close());

const identityOf = (number: number): PreviewIdentity => ({ repository, number, release: "shop" });
const nameOf = ({ number }: PreviewIdentity) => `pr-${number}-shop`;

function session(kube: KubeClient = cluster.kube): PreviewSession {
  const driverIn = (namespace: string) => driverFor(kube, namespace, { kind: undefined, onUnreadable: () => {} });
  return { kube, clock: systemClock, signal: new AbortController().signal, emit: () => {}, driverIn };
}

function up(identity: PreviewIdentity, sha: string, more: Partial<UpOptions> = {}): Promise<UpResult> {
  return bringUp(session(), {
    identity,
    names: previewNames(identity),
    labels: {},
    limits: { quota: {} },
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
    ...more,
  });
}

async function shaOf(identity: PreviewIdentity): Promise<unknown> {
  const ref = { apiVersion: "v1", kind: "ConfigMap", namespace: nameOf(identity), name: "it" };
  return (await cluster.kube.get(ref))?.["data"];
}

const isThere = async (identity: PreviewIdentity) => {
  const namespace = await cluster.kube.get({ apiVersion: "v1", kind: "Namespace", name: nameOf(identity) });
  return namespace !== undefined && namespace.metadata.deletionTimestamp === undefined;
};

test("a run that asked for the head before a push can't claim after the push's run", async () => {
  const identity = identityOf(1);
  let asked = 0;
  const older = await up(identity, first, {
    headOf: async () => {
      asked += 1;
      if (asked === 1) return { isOpen: true, commit: first };
      // It read the namespace, and its question is on the way: the push comes, and its run is faster.
      if (asked === 2) {
        expect(await up(identity, second, { headOf: async () => ({ isOpen: true, commit: second }) })).toMatchObject({
          kind: "up",
        });
        return { isOpen: true, commit: first };
      }
      return { isOpen: true, commit: second };
    },
  });
  expect(older).toMatchObject({ kind: "superseded", why: expect.stringContaining("is at commit 222222222222 now") });
  expect(await shaOf(identity)).toEqual({ sha: second });
});

test("a late run for a closing takes nothing from a pull request that is open again", async () => {
  const identity = identityOf(2);
  await up(identity, first);
  let isOpen = false;
  const closing = await bringDown(session(), {
    ...carryOut,
    identity,
    names: previewNames(identity),
    headOf: async () => {
      const answer = { isOpen };
      if (!isOpen) await up(identity, second, { headOf: async () => ({ isOpen: true, commit: second }) });
      isOpen = true;
      return answer;
    },
  });
  expect(closing).toEqual({ kind: "kept", namespace: nameOf(identity) });
  expect(await shaOf(identity)).toEqual({ sha: second });
});

test("a namespace that was made for a pull request that is closed by then does not stay", async () => {
  const identity = identityOf(5);
  let asked = 0;
  const headOf = async () => {
    asked += 1;
    return { isOpen: asked === 1, commit: first };
  };
  expect(await up(identity, first, { headOf })).toMatchObject({ kind: "superseded" });
  expect(await isThere(identity)).toBe(false);
});

test("what came up while the pull request was closed goes down again", async () => {
  const identity = identityOf(6);
  let isOpen = true;
  const headOf = async () => ({ isOpen, commit: first });
  const onClaimed = () => {
    isOpen = false;
  };
  expect(await up(identity, first, { headOf, onClaimed })).toEqual({ kind: "closed", namespace: nameOf(identity) });
  expect(await isThere(identity)).toBe(false);
});

test.each([
  ["an older run's closing", { run: { order: 1 } }, "kept"],
  ["a newer run's closing", { run: { order: 3 } }, "down"],
])("where nobody can be asked, %s is judged by the order of the runs", async (_, more, kind) => {
  const identity = identityOf(3);
  await up(identity, first, { run: { order: 2 } });
  const down = await bringDown(session(), { ...carryOut, identity, names: previewNames(identity), ...more });
  expect(down.kind).toBe(kind);
  expect(await isThere(identity)).toBe(kind === "kept");
});

test("a sweep leaves a preview that was brought up anew after it had looked", async () => {
  const identity = identityOf(4);
  await up(identity, first);
  const swept = await sweep(session(), {
    ...carryOut,
    repository,
    dryRun: false,
    stateOf: async ({ number }) => {
      if (number !== 4) return "open";
      await up(identity, second);
      return "closed";
    },
  });
  const { outcome, why } = swept.find(({ namespace }) => namespace === nameOf(identity)) ?? {};
  expect([outcome, why]).toEqual(["kept", expect.stringContaining("another run has brought the preview up meanwhile")]);
  expect(await shaOf(identity)).toEqual({ sha: second });
});

/** As the cluster, but something happens right before a namespace is deleted. */
function beforeDelete(happens: (name: string) => Promise<unknown>): KubeClient {
  let isOver = false;
  return {
    ...cluster.kube,
    async delete(ref, options) {
      if (ref.kind === "Namespace" && !isOver) {
        isOver = true;
        await happens(ref.name);
      }
      return await cluster.kube.delete(ref, options);
    },
  };
}

const annotate = (name: string, changes: Record<string, string>) =>
  cluster.kube.patch({ apiVersion: "v1", kind: "Namespace", name }, "merge", { metadata: { annotations: changes } });

const meanwhile: [name: string, changes: Record<string, string>, code: string | undefined][] = [
  ["another run claims it", { [annotations.claim]: "another" }, "PREVIEW_SUPERSEDED"],
  ["it becomes somebody else's", { [annotations.owner]: "git.example/o/other#1 shop" }, "PREVIEW_NOT_OURS"],
  ["somebody notes something on it", { note: "x" }, undefined],
];
test.each(meanwhile)("right before a namespace is deleted, %s", async (_, changes, code) => {
  const identity = identityOf(10 + meanwhile.findIndex(([, each]) => each === changes));
  await up(identity, first);
  const kube = beforeDelete((name) => annotate(name, changes));
  const down = bringDown(session(kube), { ...carryOut, identity, names: previewNames(identity) });
  if (code === "PREVIEW_NOT_OURS") await expect(down).rejects.toMatchObject({ code });
  else expect(await down).toMatchObject({ kind: code === undefined ? "down" : "kept" });
  expect(await isThere(identity)).toBe(code !== undefined);
});

test("a namespace that has taken the name of one that was deleted is not deleted for it", async () => {
  const identity = identityOf(20);
  await up(identity, first);
  const name = nameOf(identity);
  const ref = { apiVersion: "v1", kind: "Namespace", name };
  const kube = beforeDelete(async () => {
    await cluster.kube.delete(ref);
    await expect.poll(() => cluster.kube.get(ref), { timeout: 10_000 }).toBeUndefined();
    await cluster.kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  });
  await bringDown(session(kube), { ...carryOut, identity, names: previewNames(identity) });
  expect(await isThere(identity)).toBe(true);
});
