import { type JsonObject, numberAt, valueAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { canonical, dictAt, textAt } from "../json.ts";
import { contentHash } from "../objects/names.ts";
import { deploymentStatus } from "./deployment-status.ts";
import type { Controller, Tools } from "./engine.ts";
import { controllerReference } from "./pods.ts";
import { boundsOf, newSetSize, oldSetSizes, replicasOf, sum } from "./rollout-maths.ts";

const key = "apps/deployments";
const sets = "apps/replicasets";
const hashLabel = "pod-template-hash";
const revisionAnnotation = "deployment.kubernetes.io/revision";
const desiredAnnotation = "deployment.kubernetes.io/desired-replicas";
const maxAnnotation = "deployment.kubernetes.io/max-replicas";

/** Moves a Deployment's pods from its old ReplicaSets to the one of its template. */
export const deploymentController: Controller = {
  key,
  sync(deployment, tools) {
    if (deployment.metadata.deletionTimestamp === undefined) {
      const own = tools.controlled(deployment, sets).sort(byRevision);
      const paused = valueAt(deployment, "spec", "paused") === true;
      const known = own.find((set) => hasTemplate(set, deployment));
      if (paused) scaleOnly(deployment, own, tools);
      else rollOut(deployment, { known, own }, tools);
    }
    const live = tools.cluster.store.get(key, deployment.metadata.namespace, deployment.metadata.name);
    if (live === undefined) return;
    const own = tools.controlled(live, sets);
    const fresh = own.find((set) => hasTemplate(set, live));
    const { status, againMs } = deploymentStatus(live, { own, fresh }, tools);
    tools.setStatus(live, key, status);
    if (againMs !== undefined) tools.again(live, key, againMs);
  },
};

function rollOut(
  deployment: KubeObject,
  sets_: { known: KubeObject | undefined; own: KubeObject[] },
  tools: Tools,
): void {
  const old = sets_.own.filter((set) => set !== sets_.known);
  const revision = 1 + Math.max(0, ...old.map(revisionOf));
  const fresh =
    sets_.known === undefined ? createSet(deployment, { old, revision }, tools) : promote(sets_.known, revision, tools);
  if (fresh === undefined) return;
  noteRevision(deployment, revisionOf(fresh), tools);
  if (textAt(deployment, "spec", "strategy", "type") === "Recreate") recreate(deployment, { fresh, old }, tools);
  else roll(deployment, { fresh, old }, tools);
  forgetOld(deployment, old, tools);
}

function roll(deployment: KubeObject, { fresh, old }: { fresh: KubeObject; old: KubeObject[] }, tools: Tools): void {
  const { wanted } = boundsOf(deployment);
  const current = replicasOf(fresh);
  const size = current > wanted ? wanted : newSetSize(deployment, [fresh, ...old], current);
  const grown = scaleSet(deployment, { set: fresh, size }, tools);
  for (const [set, smaller] of oldSetSizes(deployment, grown, old)) scaleSet(deployment, { set, size: smaller }, tools);
}

// The new pods start when the last old one is gone, not before.
function recreate(
  deployment: KubeObject,
  { fresh, old }: { fresh: KubeObject; old: KubeObject[] },
  tools: Tools,
): void {
  for (const set of old) scaleSet(deployment, { set, size: 0 }, tools);
  const running = old.some((set) => tools.controlled(set, "/pods").length > 0);
  if (!running) scaleSet(deployment, { set: fresh, size: boundsOf(deployment).wanted }, tools);
}

function scaleOnly(deployment: KubeObject, own: KubeObject[], tools: Tools): void {
  const active = own.filter((set) => replicasOf(set) > 0);
  const target = active.length === 1 ? active[0] : own.at(-1);
  if (target !== undefined && active.length <= 1) {
    scaleSet(deployment, { set: target, size: boundsOf(deployment).wanted }, tools);
  }
}

function createSet(
  deployment: KubeObject,
  { old, revision }: { old: KubeObject[]; revision: number },
  tools: Tools,
): KubeObject | undefined {
  const template = dictAt(deployment, "spec", "template");
  const hash = contentHash(canonical(template));
  const labels = { ...dictAt(template, "metadata", "labels"), [hashLabel]: hash } as Record<string, string>;
  const name = `${deployment.metadata.name}-${hash}`;
  const size = textAt(deployment, "spec", "strategy", "type") === "Recreate" ? 0 : newSetSize(deployment, old, 0);
  const minReadySeconds = numberAt(deployment, "spec", "minReadySeconds");
  const created = tools.create(
    sets,
    {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: {
        name,
        ...(deployment.metadata.namespace === undefined ? {} : { namespace: deployment.metadata.namespace }),
        labels,
        annotations: {
          ...ownAnnotations(deployment),
          ...sizeAnnotations(deployment),
          [revisionAnnotation]: String(revision),
        },
        ownerReferences: [controllerReference(deployment)],
      },
      spec: {
        replicas: size,
        ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
        selector: withHash(dictAt(deployment, "spec", "selector"), hash),
        template: { ...template, metadata: { ...dictAt(template, "metadata"), labels } },
      },
    },
    deployment,
  );
  if (created !== undefined && size > 0) announce(deployment, { set: created, from: 0, to: size }, tools);
  return created;
}

function withHash(selector: JsonObject, hash: string): JsonObject {
  return { ...selector, matchLabels: { ...dictAt(selector, "matchLabels"), [hashLabel]: hash } };
}

// A template that comes back, as by a rollback, takes its old set up again under a new revision.
function promote(set: KubeObject, revision: number, tools: Tools): KubeObject {
  const current = revisionOf(set);
  if (current >= revision) return set;
  const history = textAt(set, "metadata", "annotations", "deployment.kubernetes.io/revision-history");
  const past = history === "" ? String(current) : `${history},${current}`;
  return tools.update(set, sets, (live) =>
    annotated(live, { [revisionAnnotation]: String(revision), "deployment.kubernetes.io/revision-history": past }),
  );
}

function noteRevision(deployment: KubeObject, revision: number, tools: Tools): void {
  if (textAt(deployment, "metadata", "annotations", revisionAnnotation) === String(revision)) return;
  tools.update(deployment, key, (live) => annotated(live, { [revisionAnnotation]: String(revision) }));
}

function annotated(object: KubeObject, annotations: Record<string, string>): KubeObject {
  return {
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...annotations } },
  };
}

function ownAnnotations(deployment: KubeObject): Record<string, string> {
  const skipped = [
    "kubectl.kubernetes.io/last-applied-configuration",
    revisionAnnotation,
    desiredAnnotation,
    maxAnnotation,
  ];
  return Object.fromEntries(
    Object.entries(deployment.metadata.annotations ?? {}).filter(([name]) => !skipped.includes(name)),
  );
}

function sizeAnnotations(deployment: KubeObject): Record<string, string> {
  const { wanted, maxSurge } = boundsOf(deployment);
  return { [desiredAnnotation]: String(wanted), [maxAnnotation]: String(wanted + maxSurge) };
}

function scaleSet(deployment: KubeObject, { set, size }: { set: KubeObject; size: number }, tools: Tools): KubeObject {
  const from = replicasOf(set);
  const noted = sizeAnnotations(deployment);
  const same = Object.entries(noted).every(([name, value]) => textAt(set, "metadata", "annotations", name) === value);
  if (from === size && same) return set;
  if (from === size && size === 0) return set;
  const scaled = tools.update(set, sets, (live) => ({
    ...annotated(live, noted),
    spec: { ...dictAt(live, "spec"), replicas: size },
  }));
  if (from !== size) announce(deployment, { set, from, to: size }, tools);
  return scaled;
}

function announce(deployment: KubeObject, change: { set: KubeObject; from: number; to: number }, tools: Tools): void {
  const { set, from, to } = change;
  const message = `Scaled ${to > from ? "up" : "down"} replica set ${set.metadata.name} from ${from} to ${to}`;
  const component = "deployment-controller";
  tools.events.record(deployment, { type: "Normal", reason: "ScalingReplicaSet", message, component });
}

function forgetOld(deployment: KubeObject, old: KubeObject[], tools: Tools): void {
  const limit = numberAt(deployment, "spec", "revisionHistoryLimit") ?? 10;
  const empty = old.filter(
    (set) => replicasOf(set) === 0 && sum([set], (one) => numberAt(one, "status", "replicas") ?? 0) === 0,
  );
  const sorted = empty.sort(byRevision);
  for (const set of sorted.slice(0, Math.max(0, sorted.length - limit))) tools.remove(set, sets);
}

export function hasTemplate(set: KubeObject, deployment: KubeObject): boolean {
  const template = dictAt(set, "spec", "template");
  const { [hashLabel]: _, ...labels } = dictAt(template, "metadata", "labels");
  const plain = { ...template, metadata: { ...dictAt(template, "metadata"), labels } };
  return canonical(plain) === canonical(dictAt(deployment, "spec", "template"));
}

function revisionOf(set: KubeObject): number {
  return Number(textAt(set, "metadata", "annotations", revisionAnnotation)) || 0;
}

function byRevision(a: KubeObject, b: KubeObject): number {
  return revisionOf(a) - revisionOf(b);
}
