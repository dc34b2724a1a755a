import { type JsonObject, numberAt, valueAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { dictAt, dictsAt, textAt } from "../json.ts";
import type { Controller, Tools } from "./engine.ts";
import { isActive, isReady, podFrom } from "./pods.ts";

const key = "batch/jobs";
const indexAnnotation = "batch.kubernetes.io/job-completion-index";

export type JobOptions = {
  /** Before the first replacement of a failed pod; each further one waits twice as long. */
  jobBackoffMs: number;
};

type Verdict = { type: "Complete" | "Failed"; reason: string; message: string };
type Pods = { active: KubeObject[]; succeeded: KubeObject[]; failed: KubeObject[] };

/** Runs a Job's pods until enough have succeeded or too many have failed. */
export function jobController({ jobBackoffMs }: JobOptions): Controller {
  return {
    key,
    sync(job, tools) {
      if (job.metadata.deletionTimestamp !== undefined) return;
      if (verdictOf(job) !== undefined) {
        removeWhenOld(job, tools);
        return;
      }
      const verdict = judge(job, sort(job, tools), tools);
      const isSuspended = valueAt(job, "spec", "suspend") === true;
      if (verdict !== undefined || isSuspended) {
        for (const pod of sort(job, tools).active) tools.remove(pod, "/pods");
      } else fill(job, { pods: sort(job, tools), jobBackoffMs }, tools);
      updateStatus(job, { verdict, isSuspended }, tools);
    },
  };
}

function sort(job: KubeObject, tools: Tools): Pods {
  const pods = tools.controlled(job, "/pods");
  const inPhase = (phase: string) => pods.filter((pod) => textAt(pod, "status", "phase") === phase);
  return { active: pods.filter(isActive), succeeded: inPhase("Succeeded"), failed: inPhase("Failed") };
}

function verdictOf(job: KubeObject): JsonObject | undefined {
  return dictsAt(job, "status", "conditions").find(
    ({ type, status }) => status === "True" && (type === "Complete" || type === "Failed"),
  );
}

function judge(job: KubeObject, { active, succeeded, failed }: Pods, tools: Tools): Verdict | undefined {
  const completions = numberAt(job, "spec", "completions");
  const isDone =
    completions === undefined ? succeeded.length > 0 && active.length === 0 : succeeded.length >= completions;
  if (isDone)
    return { type: "Complete", reason: "CompletionsReached", message: "Reached expected number of succeeded pods" };
  const limit = numberAt(job, "spec", "backoffLimit") ?? 6;
  const restarts = active.reduce((sum, pod) => sum + restartsOf(pod), 0);
  // Where containers are restarted in place, restarts count as failures do.
  const tries =
    failed.length + (textAt(job, "spec", "template", "spec", "restartPolicy") === "OnFailure" ? restarts : 0);
  if (tries > limit) {
    return { type: "Failed", reason: "BackoffLimitExceeded", message: "Job has reached the specified backoff limit" };
  }
  const deadline = numberAt(job, "spec", "activeDeadlineSeconds");
  const started = Date.parse(textAt(job, "status", "startTime"));
  if (deadline === undefined || Number.isNaN(started)) return undefined;
  const leftMs = started + deadline * 1000 - tools.cluster.scheduler.now();
  if (leftMs <= 0) {
    return { type: "Failed", reason: "DeadlineExceeded", message: "Job was active longer than specified deadline" };
  }
  tools.again(job, key, leftMs);
  return undefined;
}

function restartsOf(pod: KubeObject): number {
  return dictsAt(pod, "status", "containerStatuses").reduce(
    (sum, one) => sum + (numberAt(one, "restartCount") ?? 0),
    0,
  );
}

function fill(job: KubeObject, { pods, jobBackoffMs }: { pods: Pods } & JobOptions, tools: Tools): void {
  const { active, succeeded, failed } = pods;
  const completions = numberAt(job, "spec", "completions");
  const parallelism = numberAt(job, "spec", "parallelism") ?? 1;
  const left = completions === undefined ? (succeeded.length > 0 ? 0 : parallelism) : completions - succeeded.length;
  const missing = Math.min(parallelism, left) - active.length;
  if (missing <= 0) return;
  const waitMs =
    failed.length === 0
      ? 0
      : lastFailure(failed) + jobBackoffMs * 2 ** (failed.length - 1) - tools.cluster.scheduler.now();
  if (waitMs > 0) {
    tools.again(job, key, waitMs);
    return;
  }
  const taken = new Set([...active, ...succeeded].map((pod) => pod.metadata.annotations?.[indexAnnotation]));
  for (let count = 0; count < missing; count++) makePod(job, taken, tools);
}

function lastFailure(failed: KubeObject[]): number {
  const ends = failed.map((pod) =>
    Date.parse(textAt(pod, "status", "containerStatuses", 0, "state", "terminated", "finishedAt")),
  );
  return Math.max(...ends.filter((end) => !Number.isNaN(end)), 0);
}

function makePod(job: KubeObject, taken: Set<string | undefined>, tools: Tools): void {
  const isIndexed = textAt(job, "spec", "completionMode") === "Indexed";
  let index = 0;
  while (taken.has(String(index))) index++;
  taken.add(String(index));
  const prefix = isIndexed ? `${job.metadata.name}-${index}-` : `${job.metadata.name}-`;
  const pod = podFrom(job, valueAt(job, "spec", "template"), { generateName: prefix });
  if (isIndexed) pod.metadata.annotations = { ...pod.metadata.annotations, [indexAnnotation]: String(index) };
  const made = tools.create("/pods", pod, job);
  if (made === undefined) {
    tools.again(job, key, 1000);
    return;
  }
  const message = `Created pod: ${made.metadata.name}`;
  tools.events.record(job, { type: "Normal", reason: "SuccessfulCreate", message, component: "job-controller" });
}

type Outcome = { verdict: Verdict | undefined; isSuspended: boolean };

function updateStatus(job: KubeObject, { verdict, isSuspended }: Outcome, tools: Tools): void {
  const { active, succeeded, failed } = sort(job, tools);
  const now = tools.cluster.timestamp();
  const before = dictAt(job, "status");
  const conditions = [
    ...dictsAt(before, "conditions"),
    ...(verdict === undefined ? [] : finalConditions(verdict, now)),
  ];
  const suspended = { type: "Suspended", reason: "JobSuspended", message: "Job suspended" };
  if (isSuspended && conditions.length === 0) conditions.push(conditionAt(suspended, now));
  const start = isSuspended ? {} : { startTime: before["startTime"] ?? now };
  tools.setStatus(job, key, {
    ...start,
    ...(conditions.length === 0 ? {} : { conditions }),
    ...(active.length === 0 ? {} : { active: active.length }),
    ...(succeeded.length === 0 ? {} : { succeeded: succeeded.length }),
    ...(failed.length === 0 ? {} : { failed: failed.length }),
    ...(verdict?.type === "Complete" ? { completionTime: now } : {}),
    ready: active.filter(isReady).length,
    terminating: 0,
    uncountedTerminatedPods: {},
  });
  if (verdict !== undefined) announce(job, verdict, tools);
}

// The decision is stated first, then, with all pods ended, the result.
function finalConditions(verdict: Verdict, now: string): JsonObject[] {
  const decision = verdict.type === "Complete" ? "SuccessCriteriaMet" : "FailureTarget";
  return [conditionAt({ ...verdict, type: decision }, now), conditionAt(verdict, now)];
}

function conditionAt(
  { type, reason, message }: { type: string; reason: string; message: string },
  now: string,
): JsonObject {
  return { type, status: "True", lastProbeTime: now, lastTransitionTime: now, reason, message };
}

function announce(job: KubeObject, verdict: Verdict, tools: Tools): void {
  const component = "job-controller";
  if (verdict.type === "Complete") {
    tools.events.record(job, { type: "Normal", reason: "Completed", message: "Job completed", component });
  } else tools.events.record(job, { type: "Warning", reason: verdict.reason, message: verdict.message, component });
  removeWhenOld(job, tools);
}

function removeWhenOld(job: KubeObject, tools: Tools): void {
  const seconds = numberAt(job, "spec", "ttlSecondsAfterFinished");
  const verdict = verdictOf(job);
  if (seconds === undefined || verdict === undefined) return;
  const leftMs = Date.parse(textAt(verdict, "lastTransitionTime")) + seconds * 1000 - tools.cluster.scheduler.now();
  if (leftMs > 0) tools.again(job, key, leftMs);
  else tools.remove(job, key);
}
