import type { Clock } from "../base/clock.ts";

/** Decides, for one request, how long to wait before it is made again. */
export type Retries = {
  /** Milliseconds to wait, or `undefined` to give up. */
  next(failure: { retryAfterMs?: number | undefined; budgetMs: number }): number | undefined;
};

const firstWaitMs = 200;
const longestWaitMs = 5_000;
const mostRetries = 30;

/** Exponential back-off with jitter; what the server asks for as Retry-After is kept to, within the budget. */
export function createRetries(clock: Clock, random: () => number = Math.random): Retries {
  const start = clock.now();
  let count = 0;
  return {
    next({ retryAfterMs, budgetMs }) {
      if (count >= mostRetries) return undefined;
      const ceiling = Math.min(firstWaitMs * 2 ** count, longestWaitMs);
      const wait = Math.max(ceiling / 2 + (random() * ceiling) / 2, retryAfterMs ?? 0);
      if (clock.now() - start + wait > budgetMs) return undefined;
      count += 1;
      return wait;
    },
  };
}

/** Reads Retry-After, in seconds or as a date. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
