import type { KubeObject } from "../kube/types.ts";
import { operationsBetween } from "./operations.ts";
import type { Change } from "./types.ts";

/**
 * The change as the server would carry it out: with its defaults, its way to write quantities, and what it does not let
 * anybody write. Where nothing is left of it, it is none.
 */
export function answered(change: Change, answer: KubeObject): Change {
  const { live, patch: _, base: __, ...rest } = change;
  if (live === undefined) return change;
  const operations = operationsBetween(live, answer);
  if (operations.length === 0) return { ...rest, action: "nothing", live, after: live, operations };
  return { ...change, after: answer, operations };
}
