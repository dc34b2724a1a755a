/** Remembers since when each trouble has been seen, by our own clock: a node's may be wrong. */
export type Patience = {
  /** How long the trouble must still last before it counts; 0 where it counts now. */
  remainingMs(key: string, graceMs: number, now: number): number;
  /** Forgets what was not asked for since the last call: it has passed. */
  endRound(): void;
};

export function createPatience(): Patience {
  const since = new Map<string, number>();
  let asked = new Set<string>();

  return {
    remainingMs(key, graceMs, now) {
      asked.add(key);
      const first = since.get(key) ?? now;
      since.set(key, first);
      return Math.max(0, first + graceMs - now);
    },

    endRound() {
      for (const key of since.keys()) if (!asked.has(key)) since.delete(key);
      asked = new Set();
    },
  };
}
