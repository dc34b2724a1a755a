import type { Clock } from "../base/clock.ts";
import type { KubeClient, KubeObject, ObjectRef } from "../kube/types.ts";
import type { Assessment } from "./assess.ts";
import { type Suspect, suspectsIn } from "./container-evidence.ts";
import { eventsOf } from "./events.ts";
import { cleanLine } from "./log-lines.ts";
import { summaryOf } from "./summary.ts";
import type { Failure, ObservedEvent } from "./types.ts";

/** One object that failed, and what belongs to it. */
export type Subject = {
  ref: ObjectRef;
  assessment: Assessment;
  live: KubeObject | undefined;
  replicaSet: KubeObject | undefined;
  pods: KubeObject[];
  /** Absent where the time was not up. */
  timedOutAfterMs?: number;
};

export type EvidenceOptions = { clock: Clock; logLines: number; signal: AbortSignal };

const limitMs = 5_000;
const mostPodsWithEvents = 10;

/** Why an object failed, from what can be read within 5 s; what can't is named in `unread` and fails nothing. */
export async function gatherEvidence(kube: KubeClient, subject: Subject, options: EvidenceOptions): Promise<Failure> {
  const { ref, assessment, timedOutAfterMs } = subject;
  const { health, trouble, pod } = assessment;
  const suspects = suspectsIn(
    subject.pods,
    pod && trouble?.container ? { pod, container: trouble.container } : undefined,
  );
  // A pod that no node takes has no containers to speak of: then it is the pod that is named.
  const ownContainers = trouble !== undefined && pod !== undefined && trouble.container === undefined ? [] : suspects;
  const unread: string[] = [];
  const events: ObservedEvent[] = [];

  const readings = suspects.map((suspect) => ({
    what: `log of pod ${suspect.evidence.pod}, container ${suspect.evidence.container}`,
    read: () => readLog(kube, suspect, options.logLines),
  }));
  const readAllEvents = async (signal: AbortSignal) => events.push(...(await readEvents(kube, subject, signal)));
  await readAll([...readings, { what: "events", read: readAllEvents }], unread, options);
  for (const { evidence } of suspects) evidence.message ||= podWarning(events, evidence.pod);

  const containers = suspects.map(({ evidence }) => evidence);
  return {
    ref,
    health,
    timedOut: timedOutAfterMs !== undefined,
    containers,
    events,
    unread,
    summary: summaryOf({
      ref,
      health,
      events,
      containers: ownContainers.map(({ evidence }) => evidence),
      ...(pod ? { pod: pod.metadata.name } : {}),
      ...(timedOutAfterMs === undefined ? {} : { timedOutAfterMs }),
    }),
  };
}

type Reading = { what: string; read: (signal: AbortSignal) => Promise<unknown> };

/** Reads all at once; what fails or does not answer in time is named in `unread`. */
async function readAll(readings: Reading[], unread: string[], { clock, signal }: EvidenceOptions): Promise<void> {
  const end = new AbortController();
  const onAbort = () => end.abort();
  signal.addEventListener("abort", onAbort, { once: true });
  const limit = clock.delay(limitMs, end.signal).then(
    () => `no answer within ${limitMs / 1000} s`,
    () => "cancelled",
  );
  await Promise.all(
    readings.map(async ({ what, read }) => {
      const answer = read(end.signal).then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      const problem = await Promise.race([answer, limit]);
      if (problem !== undefined) unread.push(cleanLine(`${what}: ${problem}`));
    }),
  );
  signal.removeEventListener("abort", onAbort);
  end.abort();
}

async function readLog(kube: KubeClient, { pod, container, log, evidence }: Suspect, tailLines: number): Promise<void> {
  if (log === undefined) return;
  const { name, namespace } = pod.metadata;
  const ref = { apiVersion: "v1", kind: "Pod", name, ...(namespace === undefined ? {} : { namespace }) };
  const previous = log === "previous" ? await kube.logs(ref, { container, tailLines, previous: true }) : [];
  const lines = previous.length > 0 ? previous : await kube.logs(ref, { container, tailLines });
  evidence.logs = lines.slice(-tailLines).map(cleanLine);
}

async function readEvents(kube: KubeClient, subject: Subject, signal: AbortSignal): Promise<ObservedEvent[]> {
  const { live, replicaSet, pods, ref } = subject;
  const involved = [live, replicaSet, ...pods.slice(0, mostPodsWithEvents)];
  const uids = involved.map((object) => object?.metadata.uid).filter((uid) => uid !== undefined);
  // Events of cluster-wide objects lie in the default namespace.
  return eventsOf(kube, ref.namespace ?? "default", new Set(uids), signal);
}

function podWarning(events: ObservedEvent[], pod: string): string {
  return events.findLast((event) => event.type === "Warning" && event.object === `Pod ${pod}`)?.message ?? "";
}
