import type { Clock } from "../base/clock.ts";

/** Runs what is due later. Time passes as the clock says, `speed` times as fast. */
export type Scheduler = {
  now(): number;
  /** Runs once after the time; the result cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Runs after what is being done now. */
  soon(run: () => void): void;
  /** Cancels all that waits, for good. */
  stop(): void;
};

export function createScheduler(clock: Clock, speed: number): Scheduler {
  const waiting = new Set<AbortController>();
  const started = clock.now();
  let stopped = false;
  return {
    now: () => started + (clock.now() - started) * speed,
    after(ms, run) {
      const abort = new AbortController();
      if (stopped) return () => {};
      waiting.add(abort);
      clock.delay(ms / speed, abort.signal).then(
        () => {
          waiting.delete(abort);
          if (!stopped && !abort.signal.aborted) run();
        },
        () => waiting.delete(abort),
      );
      return () => abort.abort();
    },
    soon(run) {
      setImmediate(() => {
        if (!stopped) run();
      });
    },
    stop() {
      stopped = true;
      for (const abort of waiting) abort.abort();
      waiting.clear();
    },
  };
}
