import { SlipwayError } from "../base/error.ts";
import { describeRef, objectKey, refOf } from "../kube/ref.ts";
import { describeOwner, isOwnedBy, type Owner } from "../plan/ownership.ts";
import type { Rendered } from "../render/types.ts";
import { fetchLive } from "./live-objects.ts";
import { comingKinds, locate, readDocument } from "./objects.ts";
import type { Session } from "./options.ts";

/**
 * What Helm asks a cluster about a chart that it only pretends to install: whether it knows every kind, and whether what
 * is there already belongs to the release. `owner` is absent for an upgrade, which may take over what it finds.
 */
export async function checkInstall(
  { kube, signal }: Pick<Session, "kube" | "signal">,
  { manifests, crds }: Rendered,
  { namespace, owner }: { namespace: string; owner?: Owner },
): Promise<void> {
  const objects = manifests.flatMap(({ content, source }) => readDocument(content, source));
  const definitions = crds.flatMap(({ content, source }) => readDocument(content, source).map(({ object }) => object));
  const coming = comingKinds([...definitions, ...objects.map(({ object }) => object)]);
  const located = await locate(objects, { discovery: kube.discovery, namespace, coming });
  if (owner === undefined) return;
  const live = await fetchLive(kube, located, signal);
  for (const { object } of located) {
    const found = live.get(objectKey(refOf(object)));
    if (found === undefined || isOwnedBy(found, owner)) continue;
    const ref = describeRef(refOf(object));
    throw new SlipwayError("PLAN_OWNED_BY_OTHER", `${ref} is there already and belongs to ${describeOwner(found)}`, {
      where: ref,
      hint: "Rename the object in the chart, remove it from the cluster, or check an upgrade with --is-upgrade.",
    });
  }
}
