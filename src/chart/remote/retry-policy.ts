import { cancelled } from "../../base/clock.ts";

const mostTries = 5;
const firstDelayMs = 250;
const longestDelayMs = 60_000;

/** Statuses that pass by themselves. */
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);
const brokenConnection = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
]);

/** How long to wait before the next try, or `undefined` where another try is not worth it. */
export type Wait = (tries: number) => number | undefined;

/** After an answer: what the server asks for, else twice as long each time. */
export function waitAfterStatus(status: number, retryAfter: string | undefined, now: number): Wait {
  return (tries) => {
    if (!passing.has(status) || tries >= mostTries) return undefined;
    const asked = retryAfter === undefined ? undefined : readRetryAfter(retryAfter, now);
    if (asked === undefined) return backOff(tries);
    return asked > longestDelayMs ? undefined : asked;
  };
}

/** After a connection that broke, or never came to be. */
export function waitAfterError(error: unknown): Wait {
  return (tries) => (tries < mostTries && isPassing(error) ? backOff(tries) : undefined);
}

/** Seconds, or a date. */
export function readRetryAfter(text: string, now: number): number | undefined {
  if (/^\d+$/.test(text.trim())) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled(signal);
}

function backOff(tries: number): number {
  return firstDelayMs * 2 ** (tries - 1);
}

// Certificates that are refused and names that nobody knows stay so.
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  if (error instanceof AggregateError) return error.errors.some(isPassing);
  return brokenConnection.has(code) || /hang up|no answer within|broke off|aborted|proxy .* failed/.test(error.message);
}
