import type { Plan } from "../plan/types.ts";
import { countChanges } from "./changes-text.ts";
import { diffLines, hookLines } from "./diff-text.ts";
import { hazardLines } from "./hazard-text.ts";
import type { Paint } from "./paint.ts";

/** A whole plan for a person: every difference, then how many there are. */
export function planLines(plan: Plan, paint: Paint): string[] {
  const { changes, definitions = [], hooks = [], hazards = [], createNamespace, namespace } = plan;
  const objects = [...definitions, ...changes];
  const runs = hooks.length === 0 ? "" : `; ${hooks.length} ${hooks.length === 1 ? "hook runs" : "hooks run"}`;
  const made = createNamespace ? `The namespace ${namespace} will be created. ` : "";
  return [
    ...objects.flatMap((change) => diffLines(change, paint)),
    ...hooks.flatMap((hook) => hookLines(hook, paint)),
    ...hazardLines(hazards, paint),
    `${made}Plan: ${countChanges(objects)}${runs}`,
  ];
}
