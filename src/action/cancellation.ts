import { SlipwayError } from "../base/error.ts";

export type Cancellation = { signal: AbortSignal; stop(): void };

// A runner sends SIGINT, SIGTERM after 7.5 s, and kills 2.5 s later.
const graceMs = 7_000;

/** Aborts at the first signal of the runner; `onDeadline` is called when the time that it gives is nearly over. */
export function cancelOnSignals(onDeadline: () => void): Cancellation {
  const controller = new AbortController();
  const cancel = () => {
    if (controller.signal.aborted) return;
    controller.abort(new SlipwayError("CANCELLED", "The run was cancelled"));
    setTimeout(onDeadline, graceMs).unref();
  };
  process.on("SIGINT", cancel);
  process.on("SIGTERM", cancel);
  const stop = () => {
    process.off("SIGINT", cancel);
    process.off("SIGTERM", cancel);
  };
  return { signal: controller.signal, stop };
}
