import { describe, expect, test } from "vitest";
import { createLimiter, mapConcurrently } from "../../src/base/concurrency.ts";

/** Tasks that run until they are told to end, and a record of which have started. */
function gates(count: number) {
  const started: number[] = [];
  const open: (() => void)[] = [];
  const closed = Array.from({ length: count }, (_, index) => new Promise<void>((resolve) => (open[index] = resolve)));
  const task = async (index: number) => {
    started.push(index);
    await closed[index];
    return index * 10;
  };
  return { started, task, end: (index: number) => open[index]?.() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("limiter", () => {
  test("runs no more than its places at once, and in order", async () => {
    const { started, task, end } = gates(4);
    const limit = createLimiter(2);
    const all = Promise.all([0, 1, 2, 3].map((index) => limit(() => task(index))));
    await turn();
    expect(started).toEqual([0, 1]);
    end(1);
    await turn();
    expect(started).toEqual([0, 1, 2]);
    for (const index of [0, 2, 3]) end(index);
    expect(await all).toEqual([0, 10, 20, 30]);
  });

  test("a failure frees its place", async () => {
    const limit = createLimiter(1);
    await expect(limit(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await limit(async () => "next")).toBe("next");
  });
});

describe("mapConcurrently", () => {
  test("keeps the order of the items", async () => {
    const { task, end } = gates(3);
    const mapped = mapConcurrently([0, 1, 2], 3, task);
    for (const index of [2, 0, 1]) end(index);
    expect(await mapped).toEqual([0, 10, 20]);
  });

  test("after a failure starts nothing more, and waits for what runs", async () => {
    const { started, task, end } = gates(4);
    let settled = false;
    const mapped = mapConcurrently([0, 1, 2, 3], 2, async (index) => {
      if (index === 0) throw new Error("broken");
      return task(index);
    }).finally(() => {
      settled = true;
    });
    const outcome = expect(mapped).rejects.toThrow("broken");
    await turn();
    expect(started).toEqual([1]);
    expect(settled).toBe(false);
    end(1);
    await outcome;
    expect(started).toEqual([1]);
  });

  test("maps nothing to nothing", async () => {
    expect(await mapConcurrently([], 4, async () => 1)).toEqual([]);
  });
});
