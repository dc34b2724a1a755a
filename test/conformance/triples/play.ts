import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { mapConcurrently } from "../../../src/base/concurrency.ts";
import { hasCode } from "../../../src/base/error.ts";
import { refOf } from "../../../src/kube/ref.ts";
import type { ApplyMethod, KubeObject, ObjectRef } from "../../../src/kube/types.ts";
import type { Ended, World } from "../../scenarios/tools.ts";
import { freshName } from "../../scenarios/world.ts";
import { type Difference, differencesOf } from "../../side-by-side/differences.ts";
import { comparable, type Snapshot } from "../../side-by-side/snapshot.ts";
import type { Draft, Edit, Triple } from "./triple.ts";

/** What differs after both have upgraded, by the place of its triple; and what a plan right after ours would change. */
export type Compared = { differences: Map<number, Difference[]>; planned: string };

const atOnce = 16;

/** Plays all triples as one release by Helm and as another by us, and compares what is live then. */
export async function compareAll(world: World, triples: readonly Triple[], method: ApplyMethod): Promise<Compared> {
  const [theirs, ours] = await Promise.all([
    playAll(world, triples, { helm: method === "csa" ? "helm3" : "helm4", isOurs: false }),
    playAll(world, triples, { helm: method === "csa" ? "helm3" : "helm4", isOurs: true }),
  ]);
  const found = differencesOf(ours.left, theirs.left);
  const differences = new Map<number, Difference[]>();
  for (const difference of found) {
    const index = Number(/t(\d+)/.exec(difference.object)?.[1]);
    differences.set(index, [...(differences.get(index) ?? []), difference]);
  }
  return { differences, planned: ours.planned };
}

type Side = { helm: "helm3" | "helm4"; isOurs: boolean };

/** Plays all triples as one release by one tool; what is live then, and what a plan right after it would change. */
export async function playAll(world: World, triples: readonly Triple[], side: Side) {
  const namespace = freshName(side.isOurs ? "ours" : "them");
  const folder = mkdtempSync(join(tmpdir(), "slipway-triples-"));
  try {
    const place = await makePlace(world, namespace);
    const objects = await Promise.all(triples.map((triple, index) => namedObjects(world, triple, index, place)));
    const deploy = async (verb: string, chart: string, ...more: string[]) => {
      const ended = await world[side.isOurs ? "slipway" : side.helm](
        verb,
        "it",
        chart,
        "-n",
        namespace,
        ...flagsOf(side, verb),
        ...more,
      );
      if (ended.code !== 0 && ended.code !== 2) throw new Error(`${verb} (${JSON.stringify(side)}): ${ended.err}`);
      return ended;
    };
    await deploy(
      "install",
      writeChart(
        join(folder, "old"),
        objects.flatMap(({ old }) => old ?? []),
      ),
    );
    await editAll(world, triples, objects, namespace);
    const chart = writeChart(
      join(folder, "next"),
      objects.flatMap(({ next }) => next ?? []),
    );
    await deploy("upgrade", chart);
    await untilAtRest(world, objects);
    const left = await whatIsLeft(world, objects, namespace);
    return { left, planned: side.isOurs ? await plannedAtRest(() => deploy("plan", chart, "--exit-code")) : "" };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function flagsOf({ helm, isOurs }: Side, verb: string): string[] {
  const own = isOurs ? ["--helm", helm.slice(-1)] : [];
  const wait = isOurs && verb !== "plan" ? ["--wait=false", "--on-failure", "keep", "--ignore-hazards", "all"] : [];
  const server = helm === "helm4" ? ["--server-side=true", "--force-conflicts"] : isOurs ? ["--server-side=false"] : [];
  return [...own, ...wait, ...server];
}

/** What a plan would change once controllers have written the annotations that they write. */
async function plannedAtRest(plan: () => Promise<Ended>): Promise<string> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const { code, out } = await plan();
    if (code === 0) return "";
    if (performance.now() > deadline) return out;
  }
}

type Place = { namespace: string; uid: string };

async function makePlace({ kube }: World, namespace: string): Promise<Place> {
  await kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const anchor = await kube.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "anchor", namespace } });
  return { namespace, uid: anchor.metadata.uid ?? "" };
}

type Named = { ref: ObjectRef; old: KubeObject | undefined; next: KubeObject | undefined; edits: readonly Edit[] };

async function namedObjects(world: World, triple: Triple, index: number, place: Place): Promise<Named> {
  const draft = triple.old ?? triple.next;
  if (draft === undefined) throw new Error(`${triple.name} has no object`);
  const resource = await world.kube.discovery.find(draft.apiVersion, draft.kind);
  if (resource === undefined) throw new Error(`${triple.name}: the cluster does not serve ${draft.kind}`);
  const filled = <T>(value: T): T =>
    JSON.parse(
      JSON.stringify(value)
        .replaceAll("INDEX", `t${index}`)
        .replaceAll("NAMESPACE", place.namespace)
        .replaceAll('"UID"', JSON.stringify(place.uid)),
    );
  const named = (of: Draft | undefined): KubeObject | undefined => {
    if (of === undefined) return undefined;
    const own = of["metadata"] as KubeObject["metadata"] | undefined;
    const name = own?.name ?? (resource.namespaced ? `t${index}` : `${place.namespace}-t${index}`);
    return filled({
      ...of,
      metadata: { ...own, name, ...(resource.namespaced ? { namespace: place.namespace } : {}) },
    });
  };
  const edits = triple.edits.map((edit) =>
    typeof edit === "object" && "recreate" in edit ? { recreate: named(edit.recreate) as KubeObject } : filled(edit),
  );
  const [old, next] = [named(triple.old), named(triple.next)];
  return { ref: refOf((old ?? next) as KubeObject), old, next, edits };
}

function writeChart(folder: string, objects: readonly KubeObject[]): string {
  mkdirSync(join(folder, "templates"), { recursive: true });
  writeFileSync(join(folder, "Chart.yaml"), "apiVersion: v2\nname: it\nversion: 1.0.0\n");
  for (const [index, object] of objects.entries())
    writeFileSync(join(folder, "templates", `${index}.yaml`), JSON.stringify(object));
  return folder;
}

async function editAll(world: World, triples: readonly Triple[], objects: readonly Named[], namespace: string) {
  const scaled = objects.flatMap(({ ref, edits }) =>
    edits.filter(isScale).map(({ scale }) => ({ name: `${ref.kind.toLowerCase()}/${ref.name}`, scale })),
  );
  for (const to of new Set(scaled.map(({ scale }) => scale))) {
    const names = scaled.filter(({ scale }) => scale === to).map(({ name }) => name);
    const { code, err } = await world.kubectl("scale", "-n", namespace, `--replicas=${to}`, ...names);
    if (code !== 0) throw new Error(err);
  }
  await mapConcurrently(objects, atOnce, async ({ ref, edits }, index) => {
    for (const edit of edits) {
      try {
        await editOne(world, ref, edit);
      } catch (cause) {
        throw new Error(`The edit of ${triples[index]?.name} failed: ${(cause as Error).message}`, { cause });
      }
    }
  });
}

const isScale = (edit: Edit): edit is { scale: number } => typeof edit === "object" && "scale" in edit;

async function editOne({ kube }: World, ref: ObjectRef, edit: Edit): Promise<void> {
  if (edit === "delete") await kube.delete(ref);
  else if ("recreate" in edit) {
    await kube.delete(ref);
    await untilTrue(async () => (await kube.get(ref)) === undefined);
    await kube.create(edit.recreate as unknown as KubeObject, { fieldManager: "somebody" });
  } else if ("patch" in edit) {
    const { patch, as, manager = "editor" } = edit;
    await kube.patch(ref, as ?? (ref.apiVersion.includes("example.com") ? "merge" : "strategic"), patch, {
      fieldManager: manager,
    });
  }
}

async function liveOf({ kube }: World, objects: readonly Named[]): Promise<KubeObject[]> {
  const found = await mapConcurrently(objects, atOnce, async ({ ref }) => {
    const live = await kube.get(ref);
    return live === undefined ? [] : [{ ...live, apiVersion: ref.apiVersion, kind: ref.kind }];
  });
  return found.flat();
}

async function whatIsLeft(world: World, objects: readonly Named[], namespace: string): Promise<Snapshot> {
  const live = await liveOf(world, objects);
  const anchor = await world.kube.get({ apiVersion: "v1", kind: "ConfigMap", namespace, name: "anchor" });
  // Pods are compared like all others here: nothing runs them.
  const plain = [...live, ...(anchor ? [anchor] : [])].map((object) => ({
    ...withSortedManagers(object),
    kind: object.kind === "Pod" ? "Pod as written" : object.kind,
  }));
  const left = comparable(plain, namespace);
  // Managed fields name owners by their uid; and who made the map of annotations, the controller or the tool, is chance.
  const uid = anchor?.metadata.uid ?? "UID";
  const settled = (value: unknown) =>
    JSON.parse(
      JSON.stringify(value).replaceAll(uid, "UID").replaceAll('"f:annotations":{".":{},', '"f:annotations":{'),
    );
  return new Map([...left].map(([key, value]) => [key, settled(value)]));
}

// Entries of one second stand in the order of their managers' names, others in that of their times.
function withSortedManagers(object: KubeObject): KubeObject {
  const entries = (object.metadata["managedFields"] ?? []) as { manager: string; operation: string }[];
  const textOf = (entry: { manager: string; operation: string }) => `${entry.manager} ${entry.operation}`;
  const managedFields = [...entries].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
  const { generation: _, annotations, ...metadata } = object.metadata;
  const { "deployment.kubernetes.io/revision": __, ...rest } = annotations ?? {};
  return { ...object, metadata: { ...metadata, annotations: rest, managedFields } };
}

/** Waits until what was deleted is gone. Controllers have not to be waited for: they write to the status. */
async function untilAtRest(world: World, objects: readonly Named[]): Promise<void> {
  const leaving = async () =>
    (await liveOf(world, objects))
      .filter((object) => object.metadata.deletionTimestamp !== undefined)
      .map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata["finalizers"] ?? ""}`);
  await vi.waitFor(async () => expect(await leaving()).toEqual([]), patience);
}

// Other suites keep the control plane busy at the same time.
const patience = { timeout: 180_000, interval: 100 };

async function untilTrue(isTrue: () => Promise<boolean>): Promise<void> {
  await vi.waitFor(async () => expect(await isTrue()).toBe(true), patience);
}

/** The definitions of the custom kinds that the triples use. */
export async function installDefinitions({ kube }: World): Promise<void> {
  for (const definition of definitions) {
    try {
      await kube.create(definition);
    } catch (error) {
      if (!hasCode(error, "KUBE_CONFLICT")) throw error;
    }
  }
  await untilTrue(async () => {
    kube.discovery.refresh();
    const served = await Promise.all(
      ["Gadget", "Planet"].map((kind) => kube.discovery.find("triples.example.com/v1", kind)),
    );
    return served.every((resource) => resource !== undefined);
  });
}

const definitions = [definitionOf("Gadget", "Namespaced"), definitionOf("Planet", "Cluster")];

function definitionOf(kind: string, scope: string): KubeObject {
  const plural = `${kind.toLowerCase()}s`;
  const open = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.triples.example.com` },
    spec: {
      group: "triples.example.com",
      scope,
      names: { kind, plural },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { spec: open, data: open } } },
        },
      ],
    },
  };
}
