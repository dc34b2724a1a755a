import { patchOf } from "../plan/operations.ts";
import type { Change, Plan } from "../plan/types.ts";
import { countActions } from "./changes-text.ts";

/** A plan as data: actions, names and RFC 6902 patches of the live objects, without a Secret's values. */
export function planData(plan: Plan) {
  const {
    release,
    namespace,
    revision,
    createNamespace,
    changes,
    definitions = [],
    hooks = [],
    warnings,
    hazards = [],
  } = plan;
  const objects = [...definitions, ...changes];
  return {
    release,
    namespace,
    revision,
    createNamespace,
    counts: countActions(objects),
    objects: objects.map(objectData),
    hooks: hooks.map(({ event, weight, change }) => ({ event, weight, ...objectData(change) })),
    warnings,
    hazards: hazards.map(({ id, severity, ref, field, message, remedy }) => ({
      id,
      severity,
      ...(ref && { ref }),
      ...(field && { field }),
      message,
      remedy,
    })),
  };
}

function objectData(change: Change) {
  const { action, ref, source, reason } = change;
  return { action, ref, ...(source && { source }), ...(reason && { reason }), patch: patchOf(change) };
}
