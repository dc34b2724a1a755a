import { hasCode, SlipwayError } from "../base/error.ts";
import { describeRef, refOf } from "../kube/ref.ts";
import type { KubeObject } from "../kube/types.ts";
import type { RecordedHook } from "../release/types.ts";
import type { HookDeletePolicy, HookEvent } from "../render/types.ts";
import { waitForHook } from "../rollout/hook.ts";
import type { Failure } from "../rollout/types.ts";
import { type ApplyContext, fieldManager } from "./context.ts";
import { hookLogs } from "./hook-logs.ts";
import { removeObject, waitUntilGone } from "./remove-object.ts";

/** A recorded hook with its manifest read and its namespace filled in; `isKnown`: an earlier revision had it, too. */
export type HookObject = { hook: RecordedHook; object: KubeObject; isKnown?: boolean };

/** What else is done with the hooks of one event that ran, before delete policies take them away. */
export type BeforeCleaning = (ran: readonly HookObject[]) => Promise<void>;

/** A hook did not succeed; `failure` has its pods' states and last log lines. */
export class HookFailure extends SlipwayError {
  readonly failure: Failure;

  constructor(event: HookEvent, entry: HookObject, failure: Failure) {
    const ref = refOf(entry.object);
    super("APPLY_HOOK_FAILED", `${event} hook ${failure.summary}`, {
      where: `${describeRef(ref)} (${entry.hook.path})`,
      hint: "Mend what the hook runs, then deploy again.",
    });
    this.failure = failure;
  }
}

/**
 * Runs the hooks of one event, one after the other by weight and name, and writes each run into its hook. The first that
 * fails ends it with HookFailure. Delete policies are followed as Helm follows them: `hook-succeeded` when all are done.
 */
export async function runHooks(
  context: ApplyContext,
  hooks: readonly HookObject[],
  event: HookEvent,
  beforeCleaning: BeforeCleaning = async () => {},
): Promise<void> {
  const due = dueHooks(hooks, event);
  const done: HookObject[] = [];
  for (const entry of due) {
    const { ran, failure } = await runHook(context, entry, event);
    if (failure !== undefined) {
      await beforeCleaning([...done, ran]);
      await cleanAfterFailure(context, [ran], "hook-failed");
      await cleanAfterFailure(context, done, "hook-succeeded");
      throw new HookFailure(event, ran, failure);
    }
    done.push(ran);
  }
  await beforeCleaning(done);
  await clean(context, done.reverse(), "hook-succeeded");
}

/** The hooks of one event in the order in which they run. */
export function dueHooks(hooks: readonly HookObject[], event: HookEvent): HookObject[] {
  return hooks.filter(({ hook }) => hook.events.includes(event)).sort(byWeightAndName);
}

function byWeightAndName(a: HookObject, b: HookObject): number {
  if (a.hook.weight !== b.hook.weight) return a.hook.weight - b.hook.weight;
  return a.hook.name < b.hook.name ? -1 : a.hook.name > b.hook.name ? 1 : 0;
}

/** `ran` has the object as it was created: with its name, where that was to be generated. */
type HookRan = { ran: HookObject; failure?: Failure };

async function runHook(context: ApplyContext, entry: HookObject, event: HookEvent): Promise<HookRan> {
  const { kube, signal, clock, emit, timeoutMs } = context;
  const { hook } = entry;
  if (policiesOf(hook).includes("before-hook-creation")) await removeAndWait(context, entry);
  const startedAt = new Date(clock.now()).toISOString();
  // Once it has run, Helm records the policy that it went by.
  if (hook.deletePolicies.length === 0) hook.deletePolicies = ["before-hook-creation"];
  hook.lastRun = { startedAt, completedAt: startedAt, phase: "Running" };
  const finish = (phase: "Succeeded" | "Failed") => {
    hook.lastRun = { startedAt, completedAt: new Date(clock.now()).toISOString(), phase };
  };
  try {
    const live = await createHook(context, entry);
    const ran = { hook, object: live };
    const ref = refOf(live);
    emit({ type: "hook", event, ref, state: "started" });
    const result = await waitForHook(kube, live, { timeoutMs, signal });
    finish(result.ok ? "Succeeded" : "Failed");
    emit({
      type: "hook",
      event,
      ref,
      state: result.ok ? "succeeded" : "failed",
      ...(result.ok ? {} : { failure: result.failure }),
    });
    await tellLogs(context, ran, result.ok ? "hook-succeeded" : "hook-failed");
    return result.ok ? { ran } : { ran, failure: result.failure };
  } catch (error) {
    finish("Failed");
    throw error;
  }
}

/**
 * Creates the object. Where a run that was killed, or one that failed, left a Job or a Pod of this name behind, and no
 * policy takes it away, it goes: what has run once can't run again.
 */
async function createHook(context: ApplyContext, entry: HookObject): Promise<KubeObject> {
  const { kube, signal } = context;
  const { object, isKnown = false } = entry;
  try {
    return await kube.create(object, { fieldManager, signal });
  } catch (error) {
    if (!hasCode(error, "KUBE_CONFLICT")) throw error;
    const what = describeRef(refOf(object));
    if (!isKnown || !runsOnce(object)) throw isThere(entry, error);
    context.emit({ type: "warning", message: `Hook ${what} was left behind by an earlier revision; it is replaced` });
    await removeAndWait(context, entry);
    return await kube.create(object, { fieldManager, signal });
  }
}

function runsOnce({ apiVersion, kind }: KubeObject): boolean {
  return (kind === "Job" && apiVersion.startsWith("batch/")) || (kind === "Pod" && apiVersion === "v1");
}

function isThere({ hook, object }: HookObject, cause: SlipwayError): SlipwayError {
  const what = describeRef(refOf(object));
  return new SlipwayError("APPLY_FAILED", `Could not create hook ${what}: ${cause.message}`, {
    where: `${what} (${hook.path})`,
    hint: "Remove that object, or let the hook's delete policy do so: helm.sh/hook-delete-policy: before-hook-creation.",
    cause,
  });
}

function policiesOf(hook: RecordedHook): HookDeletePolicy[] {
  return hook.deletePolicies.length > 0 ? hook.deletePolicies : ["before-hook-creation"];
}

async function clean(context: ApplyContext, hooks: readonly HookObject[], policy: HookDeletePolicy): Promise<void> {
  for (const entry of hooks) {
    if (policiesOf(entry.hook).includes(policy)) await removeAndWait(context, entry);
  }
}

// That the hook failed says more than that it could not be taken away.
async function cleanAfterFailure(...given: Parameters<typeof clean>): Promise<void> {
  try {
    await clean(...given);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const [context] = given;
    if (!hasCode(error, "CANCELLED")) context.emit({ type: "warning", message: error.message });
  }
}

// One that is to get a generated name can't be there yet. Taking a definition away takes every object of its kind away
// with it: no policy is worth that.
async function removeAndWait(context: ApplyContext, { object }: HookObject): Promise<void> {
  if (object.kind === "CustomResourceDefinition" || !object.metadata.name) return;
  const ref = refOf(object);
  if ((await removeObject(context, ref)) === "going") await waitUntilGone(context, ref);
}

async function tellLogs(
  context: ApplyContext,
  { hook, object }: HookObject,
  policy: "hook-succeeded" | "hook-failed",
): Promise<void> {
  if (!hook.outputLogPolicies.includes(policy)) return;
  const ref = refOf(object);
  try {
    for (const { container, lines } of await hookLogs(context, ref)) {
      context.emit({ type: "hook-log", ref, container, lines });
    }
  } catch (error) {
    if (!(error instanceof SlipwayError) || hasCode(error, "CANCELLED")) throw error;
    context.emit({ type: "warning", message: `The log of hook ${describeRef(ref)} can't be read: ${error.message}` });
  }
}
