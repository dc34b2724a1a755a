import { type Clock, cancelled } from "../../src/base/clock.ts";

/** A clock whose delays end at once and whose time is what was waited for. */
export function fakeClock(start = 0): Clock & { waits: number[] } {
  let now = start;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    async delay(ms, signal) {
      if (signal?.aborted) throw cancelled(signal);
      waits.push(ms);
      now += ms;
    },
  };
}
