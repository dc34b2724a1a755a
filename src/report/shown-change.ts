import { withoutSecretValues } from "../plan/operations.ts";
import type { Change, Plan } from "../plan/types.ts";

/**
 * The change as it may be told: no value of a Secret is in it. Masks come after this: two values that are both masked
 * are one text, and a change from one to the other would be none.
 */
export function shownChange(change: Change): Change {
  const { live, after, desired, base: _, patch: __, ...rest } = change;
  return {
    ...rest,
    ...(live && { live: withoutSecretValues(live) }),
    ...(after && { after: withoutSecretValues(after, live) }),
    ...(desired && { desired: withoutSecretValues(desired, live) }),
  };
}

export function shownPlan(plan: Plan): Plan {
  const { changes, definitions = [], hooks = [] } = plan;
  return {
    ...plan,
    changes: changes.map(shownChange),
    definitions: definitions.map(shownChange),
    hooks: hooks.map((hook) => ({ ...hook, change: shownChange(hook.change) })),
  };
}
