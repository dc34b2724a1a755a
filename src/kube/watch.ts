import { type Clock, systemClock } from "../base/clock.ts";
import { hasCode, SlipwayError } from "../base/error.ts";
import { numberAt, stringAt } from "../base/json-path.ts";
import type { Target } from "./client.ts";
import { actionOf, failureOf } from "./failure.ts";
import { selectionQuery, withQuery } from "./paths.ts";
import type { Transport } from "./transport.ts";
import type { KubeObject, Selection, WatchEvent } from "./types.ts";
import { linesOf } from "./wire/lines.ts";
import { ConnectionError } from "./wire/wire.ts";

export type WatchOptions = {
  clock?: Clock;
  /** A connection that says nothing for so long, not even a bookmark, is taken for dead. */
  silenceMs?: number;
  /** After so long the server ends the watch and it is begun anew. */
  serverTimeoutSeconds?: number;
};

type WatchRequest = {
  transport: Transport;
  target: Target;
  selection: Selection & { resourceVersion: string };
  signal: AbortSignal;
};

const shortestPauseMs = 100;
const longestPauseMs = 10_000;

// A proxy in between may end every watch before it says anything: then only a list tells what has happened.
const mostEmptyWatches = 3;

/**
 * Events after the selection's resourceVersion; goes on where it was after each end of the connection. KUBE_GONE where
 * several watches in a row ended without a word.
 */
export async function* watchEvents(request: WatchRequest, options: WatchOptions = {}): AsyncGenerator<WatchEvent> {
  const clock = options.clock ?? systemClock;
  let { resourceVersion } = request.selection;
  let pauseMs = shortestPauseMs;
  let empty = 0;

  while (!request.signal.aborted) {
    try {
      for await (const event of watchOnce(request, resourceVersion, options)) {
        resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion;
        pauseMs = shortestPauseMs;
        empty = -1;
        yield event;
      }
      empty += 1;
    } catch (error) {
      if (request.signal.aborted) return;
      if (!isPassing(error)) throw error;
    }
    if (request.signal.aborted) return;
    if (empty >= mostEmptyWatches) {
      throw new SlipwayError("KUBE_GONE", `Cannot ${actionOf(request.target.subject)}: each watch ends without a word`);
    }
    await clock.delay(pauseMs * (0.5 + Math.random() / 2), request.signal).catch(() => {});
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

async function* watchOnce(
  { transport, target, selection, signal }: WatchRequest,
  resourceVersion: string,
  { silenceMs = 90_000, serverTimeoutSeconds = 290 }: WatchOptions,
): AsyncGenerator<WatchEvent> {
  const query = { ...selectionQuery(selection), watch: 1, allowWatchBookmarks: true, resourceVersion };
  const path = withQuery(target.path, { ...query, timeoutSeconds: serverTimeoutSeconds });

  const connection = new AbortController();
  const hangUp = () => connection.abort();
  signal.addEventListener("abort", hangUp, { once: true });
  let silence = setTimeout(hangUp, silenceMs);
  try {
    const { subject } = target;
    const chunks = await transport.stream({
      method: "GET",
      path,
      subject,
      repeatable: true,
      signal: connection.signal,
    });
    for await (const line of linesOf(chunks)) {
      clearTimeout(silence);
      yield readEvent(line, target);
      silence = setTimeout(hangUp, silenceMs);
    }
  } finally {
    clearTimeout(silence);
    signal.removeEventListener("abort", hangUp);
    hangUp();
  }
}

function readEvent(line: string, target: Target): WatchEvent {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch (cause) {
    // The connection broke in the middle of a line.
    throw new ConnectionError("an event is not JSON", { sent: true, cause });
  }
  const type = stringAt(event, "type");
  const object = (event as { object?: unknown }).object;
  if (type === "ERROR") throw failureOf(numberAt(object, "code") ?? 500, JSON.stringify(object), target.subject);
  if (type !== "ADDED" && type !== "MODIFIED" && type !== "DELETED" && type !== "BOOKMARK") {
    throw new SlipwayError("KUBE_REQUEST_FAILED", `The API server sent an event of the unknown type "${type}"`);
  }
  return { type, object: object as KubeObject };
}

/** Whether a new connection may mend it: all but what the server will answer again. */
function isPassing(error: unknown): boolean {
  return error instanceof ConnectionError || hasCode(error, "KUBE_UNREACHABLE", "KUBE_REQUEST_FAILED", "CANCELLED");
}
