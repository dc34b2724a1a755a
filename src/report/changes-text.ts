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

/** `2 to create, 1 to change, 5 unchanged`. */
export function countChanges(changes: readonly Change[]): string {
  const counts = Object.entries(signs)
    .map(([action, { word }]) => ({ word, action, count: changes.filter((change) => change.action === action).length }))
    .filter(({ count }) => count > 0)
    .map(({ word, action, count }) => (action === "nothing" ? `${count} ${word}` : `${count} to ${word}`));
  return counts.length > 0 ? counts.join(", ") : "nothing to do";
}

/** A line per object that does not stay as it is, below the names of what changes in it. */
export function changeLines(plan: Plan, paint: Paint): string[] {
  return plan.changes
    .filter((change) => change.action !== "nothing")
    .flatMap((change) => {
      const { sign, color } = signs[change.action];
      const reason = change.reason ? ` (${change.reason})` : "";
      return [paint(color, `  ${sign} ${oneLine(describeRef(change.ref))}${reason}`)];
    });
}
