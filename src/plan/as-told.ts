import type { Change } from "./types.ts";

/** How the user wants changes to be made. */
export type Manner = {
  /** What the chart no longer has stays. */
  noPrune?: boolean;
  /** Objects are sent whole, in place of patches: what others set in them goes. */
  forceReplace?: boolean;
};

/** The changes in the manner that is asked for. */
export function asTold(changes: readonly Change[], { noPrune = false, forceReplace = false }: Manner): Change[] {
  return changes.map((change) => {
    if (noPrune && change.action === "delete" && change.desired === undefined)
      return { ...change, action: "keep", reason: "nothing is to be removed" };
    return forceReplace ? sentWhole(change) : change;
  });
}

function sentWhole(change: Change): Change {
  const { action, desired, live, patch } = change;
  const isThere = live !== undefined && live.metadata.deletionTimestamp === undefined;
  if (desired === undefined || !isThere || patch?.type === "apply") return change;
  return { ...change, action: action === "nothing" ? "change" : action, isWhole: true };
}
