import { describe, expect, test } from "vitest";
import { cancelled, systemClock, throwIfAborted } from "../../src/base/clock.ts";
import { SlipwayError } from "../../src/base/error.ts";

describe("system clock", () => {
  test("delays for the time asked", async () => {
    const before = performance.now();
    await systemClock.delay(20);
    expect(performance.now() - before).toBeGreaterThanOrEqual(18);
  });

  test("a delay ends with CANCELLED when its signal aborts", async () => {
    const abort = new AbortController();
    const delay = systemClock.delay(60_000, abort.signal);
    abort.abort();
    await expect(delay).rejects.toMatchObject({ code: "CANCELLED" });
  });

  test("a delay under an aborted signal does not start", async () => {
    await expect(systemClock.delay(60_000, AbortSignal.abort())).rejects.toMatchObject({ code: "CANCELLED" });
  });

  test("the signal's own reason is kept", () => {
    const reason = new SlipwayError("RELEASE_LOCKED", "Too late");
    expect(cancelled(AbortSignal.abort(reason))).toBe(reason);
    expect(() => throwIfAborted(AbortSignal.abort(reason))).toThrow(reason);
    expect(() => throwIfAborted(new AbortController().signal)).not.toThrow();
  });
});
