import type { Scheduler } from "../scheduler.ts";

/** Work by name: what is asked for twice before it is done is done once. */
export type Queue = {
  add(name: string, run: () => void): void;
  /** Adds it after the time; of two times for one name the earlier counts. */
  addAfter(name: string, ms: number, run: () => void): void;
};

/** Does one piece of work after the other, with room between them for requests. */
export function createQueue(scheduler: Scheduler): Queue {
  const due = new Map<string, () => void>();
  const timers = new Map<string, { at: number; cancel: () => void }>();
  let draining = false;
  const drain = (): void => {
    const [next] = due;
    if (next === undefined) {
      draining = false;
      return;
    }
    due.delete(next[0]);
    try {
      next[1]();
    } catch (error) {
      // A controller's mistake must not end the sandbox; the next change tries again.
      process.emitWarning(error instanceof Error ? error : String(error));
    }
    scheduler.soon(drain);
  };
  return {
    add(name, run) {
      due.set(name, run);
      if (draining) return;
      draining = true;
      scheduler.soon(drain);
    },
    addAfter(name, ms, run) {
      const at = scheduler.now() + ms;
      const known = timers.get(name);
      if (known !== undefined && known.at <= at) return;
      known?.cancel();
      const cancel = scheduler.after(ms, () => {
        timers.delete(name);
        run();
      });
      timers.set(name, { at, cancel });
    },
  };
}
