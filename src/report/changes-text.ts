import { describeRef } from "../kube/ref.ts";
import type { Action, Change, Plan } from "../plan/types.ts";
import type { Color, Paint } from "./paint.ts";
import { oneLine } from "./plain-text.ts";

export const signs: Record<Action, { sign: string; color: Color; word: string }> = {
  create: { sign: "+", color: "green", word: "create" },
  change: { sign: "~", color: "yellow", word: "change" },
  replace: { sign: "±", color: "yellow", word: "replace" },
  delete: { sign: "-", color: "red", word: "delete" },
  keep: { sign: "=", color: "gray", word: "keep" },
  adopt: { sign: "~", color: "cyan", word: "take over" },
  nothing: { sign: " ", color: "gray", word: "unchanged" },
};

/** How many objects each action has; those that have none are left out. */
export function countActions(changes: readonly Change[]): Partial<Record<Action, number>> {
  const counts: Partial<Record<Action, number>> = {};
  for (const { action } of changes) counts[action] = (counts[action] ?? 0) + 1;
  return counts;
}

/** `2 to create, 1 to change, 5 unchanged`. */
export function countChanges(changes: readonly Change[]): string {
  const counts = countActions(changes);
  const told = Object.entries(signs).flatMap(([action, { word }]) => {
    const count = counts[action as Action] ?? 0;
    if (count === 0) return [];
    return [action === "nothing" ? `${count} ${word}` : `${count} to ${word}`];
  });
  return told.length > 0 ? told.join(", ") : "nothing to do";
}

/** A line per object that does not stay as it is, below the names of what changes in it. */
export function changeLines(plan: Plan, paint: Paint): string[] {
  return plan.changes
    .filter((change) => change.action !== "nothing")
    .flatMap((change) => {
      const { sign, color } = signs[change.action];
      const reason = change.reason ? ` (${oneLine(change.reason)})` : "";
      return [paint(color, `  ${sign} ${oneLine(describeRef(change.ref))}${reason}`)];
    });
}
