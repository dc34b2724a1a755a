import { SlipwayError } from "../../base/error.ts";
import { describeRef, objectKey, refOf } from "../../kube/ref.ts";
import type { KubeObject } from "../../kube/types.ts";
import { canonicalJson, changedFields, fieldTree } from "../../plan/fields.ts";
import type { Rendered } from "../../render/types.ts";
import { readDocument } from "../objects.ts";
import type { Basis } from "./basis.ts";
import { differencesFrom } from "./compare.ts";
import type { SavedPlan } from "./types.ts";

const maxLines = 60;

/** Fails with PLAN_CHANGED, naming everything, unless the plan made now is made from what the saved one was made from. */
export async function ensureAsPlanned(saved: SavedPlan, basis: Basis): Promise<void> {
  const { lines, isRenderedAnew } = await differencesFrom(saved, basis);
  const [first] = lines;
  if (first === undefined) return;
  const more = lines.length > 1 ? ` (and ${lines.length - 1} more)` : "";
  const why = isRenderedAnew
    ? "The same chart and values give something else now: a template uses the time, chance, or what it looks up in the cluster. "
    : "";
  throw new SlipwayError("PLAN_CHANGED", `The plan of ${saved.release} no longer holds: ${first}${more}`, {
    ...(lines.length > 1 ? { detail: bounded(lines).join("\n") } : {}),
    hint: `${why}Nothing was deployed. Make a new plan with slipway plan --out, look it over, and deploy that.`,
  });
}

/**
 * Fails with PLAN_UNREPEATABLE, naming each object and field, where two renderings of one chart with the same values
 * differ: the deploy would render a third, which nobody has seen.
 */
export function ensureRepeatable(release: string, once: Rendered, again: Rendered): void {
  const lines = renderedDifferences(once, again);
  const [first] = lines;
  if (first === undefined) return;
  const more = lines.length > 1 ? ` (and ${lines.length - 1} more)` : "";
  throw new SlipwayError("PLAN_UNREPEATABLE", `The plan of ${release} can't be saved: ${first}${more}`, {
    ...(lines.length > 1 ? { detail: bounded(lines).join("\n") } : {}),
    hint: "A plan's file holds no manifests, as they may hold secrets: a deploy renders the chart again. Give the value yourself (--set), have the chart keep the one that is there (lookup), or deploy without a saved plan.",
  });
}

function renderedDifferences(once: Rendered, again: Rendered): string[] {
  const before = objectsOf(once);
  const after = objectsOf(again);
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].flatMap((key) => {
    const [old, next] = [before.get(key), after.get(key)];
    const one = old ?? next;
    if (one === undefined) return [];
    const name = describeRef(refOf(one));
    if (old === undefined || next === undefined) return [`${name} has a new name at each rendering`];
    return changedFields(treeOf(old), treeOf(next)).map((field) => `${name}: ${field} is new at each rendering`);
  });
}

function objectsOf({ manifests, hooks }: Rendered): Map<string, KubeObject> {
  const objects = [...manifests, ...hooks].flatMap(({ source, content }) => readDocument(content, source));
  return new Map(
    objects.map(({ object }, index) => [object.metadata.name ? objectKey(refOf(object)) : `${index}`, object]),
  );
}

function treeOf(object: KubeObject) {
  return fieldTree(object, (_, value) => canonicalJson(value));
}

function bounded(lines: readonly string[]): string[] {
  const told = lines.slice(0, maxLines);
  return lines.length > maxLines ? [...told, `… ${lines.length - maxLines} more`] : told;
}
