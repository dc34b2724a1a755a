/** Runs the task when one of the places is free. */
export type Limiter = <T>(task: () => Promise<T>) => Promise<T>;

/** Lets at most `places` tasks run at once; the others wait in order. */
export function createLimiter(places: number): Limiter {
  let free = places;
  const waiting: (() => void)[] = [];

  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      // A place that someone waits for is handed over, so that a newcomer can't take it in between.
      if (next) next();
      else free += 1;
    }
  };
}

/**
 * Maps with at most `places` at once and keeps the order. After a failure nothing more is started, what runs is
 * awaited, and the first failure is thrown: nobody is left behind that still changes something.
 */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  places: number,
  map: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const failures: unknown[] = [];
  let next = 0;

  async function work(): Promise<void> {
    while (next < items.length && failures.length === 0) {
      const index = next++;
      try {
        results[index] = await map(items[index] as T, index);
      } catch (error) {
        failures.push(error);
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(places, items.length) }, work));
  if (failures.length > 0) throw failures[0];
  return results;
}
