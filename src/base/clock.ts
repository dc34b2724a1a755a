import { SlipwayError } from "./error.ts";

/** Time, passed in wherever something waits, so that tests need not. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Rejects with CANCELLED as soon as the signal aborts. */
  delay(ms: number, signal?: AbortSignal): Promise<void>;
};

export const systemClock: Clock = { now: () => Date.now(), delay };

function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(cancelled(signal));
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(cancelled(signal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** What an aborted signal means: its own reason where that is already an expected failure, else CANCELLED. */
export function cancelled(signal: AbortSignal | undefined): SlipwayError {
  const reason: unknown = signal?.reason;
  return reason instanceof SlipwayError ? reason : new SlipwayError("CANCELLED", "Cancelled", { cause: reason });
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled(signal);
}

/** Milliseconds of a clock that no one sets. Node loads what `performance` needs on its first use; this needs nothing. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}
