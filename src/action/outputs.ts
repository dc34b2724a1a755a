import { headlineOf, type Story } from "../report/story.ts";
import type { Outputs } from "./output-table.ts";

type Change = Story["changes"][number];

// An output may hold 1 MiB; a chart with more objects than this is told in part.
const maxObjects = 2000;

/** What later steps read; every output is set in every case, empty where there is nothing to say. */
export function outputsOf(story: Story): Partial<Outputs> {
  const { ending, namespace, changes } = story;
  const result = ending.kind === "result" ? ending.result : undefined;
  const notes = ending.kind === "planned" ? ending.notes : (result?.notes ?? "");
  return {
    status: result?.status ?? (ending.kind === "planned" ? "planned" : "error"),
    revision: result ? String(result.revision) : "",
    "previous-revision": result?.previousRevision === undefined ? "" : String(result.previousRevision),
    "rolled-back": String(result?.rolledBack ?? false),
    changed: String(hasChanged(story)),
    changes: JSON.stringify(changesData(changes)),
    hazards: JSON.stringify(hazardsData(story.observed.hazards ?? [])),
    cause: headlineOf(story).cause ?? "",
    namespace,
    notes,
    "environment-url": "",
    preview: "",
    previews: "",
  };
}

function hasChanged({ ending, changes, observed }: Story): boolean {
  // A plan that was made and then not carried out.
  if (ending.kind === "error" && !observed.hasChanged) return false;
  return (ending.kind === "planned" ? ending.hasWork : undefined) ?? changes.some(isChange);
}

function changesData(changes: readonly Change[]) {
  const counts: Record<string, number> = {};
  for (const { action } of changes) counts[action] = (counts[action] ?? 0) + 1;
  const objects = changes
    .filter((change) => change.action !== "nothing")
    .slice(0, maxObjects)
    .map(({ action, ref: { kind, namespace, name } }) => ({ action, kind, ...(namespace ? { namespace } : {}), name }));
  return { counts, objects };
}

function hazardsData(hazards: NonNullable<Story["observed"]["hazards"]>) {
  return hazards.map(({ id, severity, ref, field, message, remedy }) => ({
    id,
    severity,
    ...(ref ? { kind: ref.kind, ...(ref.namespace ? { namespace: ref.namespace } : {}), name: ref.name } : {}),
    ...(field ? { field } : {}),
    message,
    remedy,
  }));
}

function isChange({ action }: Change): boolean {
  return action !== "nothing" && action !== "keep";
}
