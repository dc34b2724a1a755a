import { afterAll, beforeAll, expect, test } from "vitest";
import type { ApplyContext } from "../../src/apply/context.ts";
import { applyObject } from "../../src/apply/server-side.ts";
import { systemClock } from "../../src/base/clock.ts";
import { connect } from "../../src/kube/connect.ts";
import type { KubeClient, KubeObject } from "../../src/kube/types.ts";
import type { ForceConflicts } from "../../src/plan/take-over.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";

let sandbox: Sandbox;
let kube: KubeClient;
beforeAll(async () => {
  sandbox = await startSandbox();
  kube = await connect({ kubeconfig: sandbox.kubeconfig });
});
afterAll(async () => {
  kube.close();
  await sandbox.close();
});

const refTo = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", namespace: "default", name });
const of = (name: string, data: Record<string, string>): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "default" },
  data,
});
const set = (name: string, fieldManager: string, data: Record<string, string>) =>
  kube.patch(refTo(name), "merge", { data }, { fieldManager });

function contextOf(wanted: ForceConflicts, client = kube): ApplyContext {
  const signal = new AbortController().signal;
  return { kube: client, clock: systemClock, signal, emit: () => {}, timeoutMs: 1000, forceConflicts: wanted };
}

/** A client before whose first forced write somebody else writes. */
function withMeanwhile(work: () => Promise<unknown>): KubeClient {
  let isDone = false;
  return {
    ...kube,
    async patch(ref, type, body, write) {
      if (write?.force && !isDone) {
        isDone = true;
        await work();
      }
      return await kube.patch(ref, type, body, write);
    },
  };
}

test("what another manager takes between the reading of conflicts and the taking of fields stays with it", async () => {
  const name = "late";
  await applyObject(contextOf(false), refTo(name), of(name, { a: "1", b: "1" }));
  await set(name, "first", { a: "2" });
  const client = withMeanwhile(() => set(name, "second", { b: "2" }));
  const taking = applyObject(contextOf(["data.a"], client), refTo(name), of(name, { a: "3", b: "1" }));
  await expect(taking).rejects.toMatchObject({
    code: "KUBE_CONFLICT",
    message: expect.stringContaining('conflict with "second" using v1: .data.b'),
    hint: expect.stringContaining("--force-conflicts=ConfigMap/late:data.b."),
  });
  expect(await kube.get(refTo(name))).toMatchObject({ data: { a: "2", b: "2" } });
});

test("a write meanwhile that takes nothing does not keep the named field from being taken", async () => {
  const name = "harmless";
  await applyObject(contextOf(false), refTo(name), of(name, { a: "1" }));
  await set(name, "first", { a: "2" });
  const client = withMeanwhile(() => set(name, "second", { c: "2" }));
  await applyObject(contextOf(["ConfigMap/harmless:data.a"], client), refTo(name), of(name, { a: "3" }));
  expect(await kube.get(refTo(name))).toMatchObject({ data: { a: "3", c: "2" } });
});

test("a dry run takes what is named, and nothing in earnest", async () => {
  const name = "trial";
  await applyObject(contextOf(false), refTo(name), of(name, { a: "1" }));
  await set(name, "first", { a: "2" });
  const told = await applyObject(contextOf(["*"]), refTo(name), of(name, { a: "3" }), { dryRun: true });
  expect(told).toMatchObject({ data: { a: "3" } });
  expect(await kube.get(refTo(name))).toMatchObject({ data: { a: "2" } });
});

test("very many conflicts are told in bounds", async () => {
  const name = "many";
  const fields = (value: string) => Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`k${i}`, value]));
  await applyObject(contextOf(false), refTo(name), of(name, fields("1")));
  await set(name, "first", fields("2"));
  const refused = applyObject(contextOf(false), refTo(name), of(name, fields("3")));
  await expect(refused).rejects.toMatchObject({ message: expect.stringMatching(/, and 40 more$/) });
});
