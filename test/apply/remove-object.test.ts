import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { ApplyContext } from "../../src/apply/context.ts";
import { removeObject, waitUntilGone } from "../../src/apply/remove-object.ts";
import { systemClock } from "../../src/base/clock.ts";
import { connect } from "../../src/kube/connect.ts";
import { refOf } from "../../src/kube/ref.ts";
import type { KubeClient, KubeObject } from "../../src/kube/types.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";

let sandbox: Sandbox;
let kube: KubeClient;
let context: ApplyContext;
beforeAll(async () => {
  sandbox = await startSandbox({ podStartMs: 10 });
  kube = await connect({ kubeconfig: sandbox.kubeconfig });
  const signal = new AbortController().signal;
  context = { kube, clock: systemClock, signal, emit: () => {}, timeoutMs: 5000, forceConflicts: false };
});
afterAll(async () => {
  kube.close();
  await sandbox.close();
});

const map: KubeObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "default" } };

test("what is deleted at once is known to be gone, and what is held to be going", async () => {
  await kube.create(map);
  expect(await removeObject(context, refOf(map))).toBe("gone");
  expect(await removeObject(context, refOf(map))).toBe("absent");
  await kube.create({ ...map, metadata: { ...map.metadata, finalizers: ["example.com/hold"] } });
  expect(await removeObject(context, refOf(map))).toBe("going");
  const waiting = waitUntilGone(context, refOf(map));
  await kube.patch(refOf(map), "merge", { metadata: { finalizers: null } });
  await waiting;
  expect(await kube.get(refOf(map))).toBeUndefined();
});

test("an object whose kind is gone is gone, too", async () => {
  const names = { plural: "things", singular: "thing", kind: "Thing", listKind: "ThingList" };
  const schema = { openAPIV3Schema: { type: "object" } };
  const definition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "things.gone.example" },
    spec: {
      group: "gone.example",
      scope: "Namespaced",
      names,
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  };
  const thing = { apiVersion: "gone.example/v1", kind: "Thing", metadata: { name: "one", namespace: "default" } };
  await kube.create(definition);
  await vi.waitFor(async () => await kube.create(thing));
  await kube.delete(refOf(definition));
  await vi.waitFor(async () => expect(await kube.get(refOf(definition))).toBeUndefined());
  await waitUntilGone(context, refOf(thing));
  kube.discovery.refresh();
  await waitUntilGone(context, refOf(thing));
});
