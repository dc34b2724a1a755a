import { describe, expect, test } from "vitest";
import {
  lastDeployed,
  lastGood,
  mergeBase,
  nextRevision,
  pendingRevisions,
  releaseState,
  revisionsToPrune,
  revisionsToPruneAfter,
} from "../../src/release/history.ts";
import type { Release, ReleaseStatus } from "../../src/release/types.ts";
import { release } from "./releases.ts";

/** `superseded deployed` is revision 1 superseded, revision 2 deployed. */
function historyOf(statuses: string): Release[] {
  const words = statuses === "" ? [] : (statuses.split(" ") as ReleaseStatus[]);
  return words.map((status, index) => release(index + 1, status));
}

const revisions = (releases: Release[]) => releases.map(({ revision }) => revision);

describe("a history decides", () => {
  test.each([
    // history, state, last good, merge base
    ["", "absent", undefined, []],
    ["deployed", "deployed", 1, [1]],
    ["superseded deployed", "deployed", 2, [2]],
    ["failed", "failed-first-install", undefined, [1]],
    ["failed failed", "failed-first-install", undefined, [1, 2]],
    ["deployed failed", "failed-upgrade", 1, [1, 2]],
    ["superseded deployed failed failed", "failed-upgrade", 2, [2, 3, 4]],
    ["superseded failed deployed", "deployed", 3, [3]],
    ["pending-install", "pending install", undefined, [1]],
    ["deployed pending-upgrade", "pending upgrade", 1, [1, 2]],
    ["superseded failed pending-rollback", "pending rollback", 1, [1, 2, 3]],
    ["superseded failed", "failed-upgrade", 1, [1, 2]],
    ["superseded superseded", "deployed", 2, [2]],
    ["superseded uninstalled", "uninstalled", undefined, []],
    ["superseded uninstalled failed", "failed-first-install", undefined, [3]],
    ["superseded uninstalled deployed failed", "failed-upgrade", 3, [3, 4]],
    ["superseded uninstalling", "uninstalling", 1, [1, 2]],
    ["unknown", "failed-first-install", undefined, [1]],
    // Two runs of Helm at once leave two deployed revisions: the newest counts.
    ["deployed deployed failed", "failed-upgrade", 2, [2, 3]],
  ])("[%s]: %s", (statuses, kind, good, base) => {
    const history = historyOf(statuses);
    const state = releaseState(history);
    expect(state.kind === "pending" ? `pending ${state.operation}` : state.kind).toBe(kind);
    expect(lastGood(history)?.revision).toBe(good);
    expect(revisions(mergeBase(history))).toEqual(base);
  });
});

test("a state carries the revisions that it speaks of", () => {
  const state = releaseState(historyOf("superseded deployed failed"));
  expect(state).toMatchObject({ kind: "failed-upgrade", last: { revision: 3 }, good: { revision: 2 } });
});

test("an older revision that nobody finished is found", () => {
  expect(revisions(pendingRevisions(historyOf("pending-upgrade deployed pending-rollback")))).toEqual([1, 3]);
});

test("the last deployed revision is the newest of that status alone", () => {
  expect(lastDeployed(historyOf("deployed superseded"))?.revision).toBe(1);
  expect(lastDeployed(historyOf("superseded"))).toBeUndefined();
});

test("revisions count on from the newest", () => {
  expect(nextRevision([])).toBe(1);
  expect(nextRevision([release(7, "deployed")])).toBe(8);
});

describe("pruning", () => {
  test.each([
    // history, limit, what goes before one more is recorded, what goes when the newest was carried out
    ["superseded superseded deployed", 10, [], []],
    ["superseded superseded deployed", 3, [1], []],
    ["superseded superseded deployed", 2, [1, 2], [1]],
    ["superseded superseded deployed", 1, [1, 2], [1, 2]],
    ["superseded superseded deployed", 0, [], []],
    ["superseded deployed failed failed", 2, [1], [1, 3]],
    ["deployed failed failed failed", 3, [], [2]],
    ["superseded failed failed failed", 2, [], [2, 3]],
    ["failed failed", 1, [], [1]],
    ["superseded failed failed deployed", 2, [1, 2, 3], [1, 2]],
  ])("[%s], %i kept: %j go before, %j after", (statuses, max, before, after) => {
    expect(revisions(revisionsToPrune(historyOf(statuses), max))).toEqual(before);
    expect(revisions(revisionsToPruneAfter(historyOf(statuses), max))).toEqual(after);
  });
});
