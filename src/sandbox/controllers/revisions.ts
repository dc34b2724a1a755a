import { numberAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { canonical, dictAt, equal } from "../json.ts";
import { contentHash } from "../objects/names.ts";
import type { Tools } from "./engine.ts";
import { controllerReference } from "./pods.ts";

const key = "apps/controllerrevisions";

/** The revision that records the owner's template: a known one, made the latest again, or a new one. */
export function revisionOf(owner: KubeObject, tools: Tools): KubeObject | undefined {
  const data = { spec: { template: { ...dictAt(owner, "spec", "template"), $patch: "replace" } } };
  const known = tools.controlled(owner, key).sort(byRevision);
  const last = known.at(-1);
  const next = (numberAt(last, "revision") ?? 0) + 1;
  const same = known.find((revision) => equal(revision["data"], data));
  if (same !== undefined)
    return same === last ? same : tools.update(same, key, (live) => ({ ...live, revision: next }));
  const hash = contentHash(canonical(data));
  const { name, namespace } = owner.metadata;
  forget(owner, known, tools);
  return tools.create(
    key,
    {
      apiVersion: "apps/v1",
      kind: "ControllerRevision",
      metadata: {
        name: `${name}-${hash}`,
        ...(namespace === undefined ? {} : { namespace }),
        labels: {
          ...(dictAt(owner, "spec", "template", "metadata", "labels") as Record<string, string>),
          "controller.kubernetes.io/hash": hash,
        },
        ownerReferences: [controllerReference(owner)],
      },
      data,
      revision: next,
    },
    owner,
  );
}

/** The template that a revision recorded; the owner's own where the revision is gone. */
export function templateOf(owner: KubeObject, revisionName: string, tools: Tools): unknown {
  const found = tools.controlled(owner, key).find((revision) => revision.metadata.name === revisionName);
  if (found === undefined) return dictAt(owner, "spec", "template");
  const { $patch: _, ...template } = dictAt(found, "data", "spec", "template");
  return template;
}

// The revision in use and the one before it are never among those that go.
function forget(owner: KubeObject, known: KubeObject[], tools: Tools): void {
  const limit = Math.max(1, numberAt(owner, "spec", "revisionHistoryLimit") ?? 10);
  for (const revision of known.slice(0, Math.max(0, known.length - limit - 1))) tools.remove(revision, key);
}

function byRevision(a: KubeObject, b: KubeObject): number {
  return (numberAt(a, "revision") ?? 0) - (numberAt(b, "revision") ?? 0);
}
