import { numberAt, stringAt } from "../base/json-path.ts";
import type { KubeClient, KubeObject } from "../kube/types.ts";
import { cleanLine } from "./log-lines.ts";
import type { ObservedEvent } from "./types.ts";

const mostEvents = 20;

/** The last events of these objects, newest last: one request, for they can't be asked for by several names. */
export async function eventsOf(
  kube: KubeClient,
  namespace: string,
  uids: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ObservedEvent[]> {
  const [only, ...others] = uids;
  if (only === undefined) return [];
  const fieldSelector = others.length === 0 ? { fieldSelector: `involvedObject.uid=${only}` } : {};
  const { items } = await kube.list("v1", "Event", { namespace, ...fieldSelector }, { signal });
  return items
    .filter((event) => uids.has(stringAt(event, "involvedObject", "uid") ?? ""))
    .map(observedEvent)
    .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
    .slice(-mostEvents);
}

function observedEvent(event: KubeObject): ObservedEvent {
  const kind = stringAt(event, "involvedObject", "kind") ?? "";
  const name = stringAt(event, "involvedObject", "name") ?? "";
  return {
    time: timeOf(event),
    type: stringAt(event, "type") ?? "",
    reason: cleanLine(stringAt(event, "reason") ?? ""),
    message: cleanLine(stringAt(event, "message") ?? ""),
    object: `${kind} ${name}`,
    count: numberAt(event, "series", "count") ?? numberAt(event, "count") ?? 1,
  };
}

// Which of these is set depends on the API and the version that reported it.
function timeOf(event: KubeObject): string {
  return (
    stringAt(event, "series", "lastObservedTime") ??
    stringAt(event, "lastTimestamp") ??
    stringAt(event, "eventTime") ??
    event.metadata.creationTimestamp ??
    ""
  );
}
