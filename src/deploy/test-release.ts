import type { ApplyContext } from "../apply/context.ts";
import { hookLogs } from "../apply/hook-logs.ts";
import { dueHooks, HookFailure, type HookObject, runHooks } from "../apply/hooks.ts";
import { hasCode, SlipwayError } from "../base/error.ts";
import { refOf } from "../kube/ref.ts";
import { readable } from "../release/history.ts";
import type { HookRun, Release } from "../release/types.ts";
import type { Failure } from "../rollout/types.ts";
import { applyContext } from "./carry-out.ts";
import { withKnown } from "./known-hooks.ts";
import { ensureHistory, withRelease } from "./open-release.ts";
import type { Session } from "./options.ts";
import { locateRecordedHooks } from "./plan-revision.ts";
import { recordRuns } from "./records.ts";

export type TestOptions = {
  release: string;
  namespace: string;
  /** For each test. */
  timeoutMs: number;
  /** Of these names alone, where there are any. */
  only: readonly string[];
  /** Not of these names. */
  except: readonly string[];
  /** Tells the logs of all tests, before delete policies take them away. */
  logs: boolean;
};

/** One test of a chart; `run` is absent where one before it failed. */
export type TestRun = { name: string; kind: string; run?: HookRun };

export type TestResult = {
  release: string;
  namespace: string;
  revision: number;
  /** In the order in which they ran. */
  tests: TestRun[];
  /** Why it failed, in one line; absent where all succeeded. */
  cause?: string;
  failures: Failure[];
};

/** Runs the test hooks of the newest revision as `helm test` does, and records how each went. */
export async function testRelease(session: Session, options: TestOptions): Promise<TestResult> {
  const { release: name, namespace } = options;
  ensureHistory(await session.driver.history(name), name, namespace);
  return await withRelease(session, options, async (locked, history) => {
    ensureHistory(history, name, namespace);
    const release = readable(history).at(-1) as Release;
    const located = withKnown(await locateRecordedHooks(locked, release), history);
    const hooks = dueHooks(located, "test").filter((entry) => isWanted(entry, options));
    if (hooks.length === 0) tellNone(session, release, options);
    const before = hooks.map(({ hook }) => hook.lastRun);
    const outcome = await run(applyContext(locked, carryOut(options)), hooks, options);
    await recordRuns(locked, release);
    const { cause, failures } = outcome;
    if (cause !== undefined) session.emit({ type: "failed", cause, failures });
    const tests = hooks.map(({ hook: { name: test, kind, lastRun } }, index) => ({
      name: test,
      kind,
      ...(lastRun && lastRun !== before[index] ? { run: lastRun } : {}),
    }));
    return { release: name, namespace, revision: release.revision, tests, ...outcome };
  });
}

function carryOut({ timeoutMs }: TestOptions) {
  return { timeoutMs, wait: true, waitForJobs: false, hooks: true };
}

function isWanted({ hook }: HookObject, { only, except }: TestOptions): boolean {
  return !except.includes(hook.name) && (only.length === 0 || only.includes(hook.name));
}

function tellNone({ emit }: Session, release: Release, { only, except }: TestOptions): void {
  const names = release.hooks.filter(({ events }) => events.includes("test")).map(({ name }) => name);
  const isFiltered = names.length > 0 && only.length + except.length > 0;
  const message = isFiltered
    ? `No test of ${release.name} is left by the filters; its tests are ${names.join(", ")}`
    : `The chart of ${release.name} has no tests`;
  emit({ type: "warning", message });
}

async function run(
  context: ApplyContext,
  hooks: readonly HookObject[],
  { logs }: TestOptions,
): Promise<Pick<TestResult, "cause" | "failures">> {
  try {
    await runHooks(context, hooks, "test", async (ran) => {
      if (logs) for (const entry of ran) await tellLogs(context, entry);
    });
    return { failures: [] };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { cause: error.message, failures: error instanceof HookFailure ? [error.failure] : [] };
  }
}

// Helm tells the logs of Pods alone; a Job's are of no less use.
async function tellLogs(context: ApplyContext, { object }: HookObject): Promise<void> {
  const ref = refOf(object);
  try {
    for (const { container, lines } of await hookLogs(context, ref, { withInit: true })) {
      context.emit({ type: "hook-log", ref, container, lines });
    }
  } catch (error) {
    if (!(error instanceof SlipwayError) || hasCode(error, "CANCELLED")) throw error;
    context.emit({ type: "warning", message: `The log of test ${ref.name} can't be read: ${error.message}` });
  }
}
