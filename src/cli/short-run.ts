import { nodeV8 } from "../base/node-library.ts";
import type { Chart } from "../chart/types.ts";

const manyBytes = 256 * 1024;

/**
 * Renders without V8's optimizing compiler, which on a run of less than a second costs more than its code saves. For a small
 * chart it doesn't come to that, and loading what the flag is set with would take longer. It is taken back, since compiled
 * code serves the next process only under the flags that it starts with.
 */
export async function shortRun<Result>(chart: Chart, render: () => Promise<Result>): Promise<Result> {
  if (templateBytes(chart) < manyBytes) return await render();
  const { setFlagsFromString } = nodeV8();
  setFlagsFromString("--no-opt");
  try {
    return await render();
  } finally {
    setFlagsFromString("--opt");
  }
}

function templateBytes({ templates, dependencies }: Chart): number {
  let sum = 0;
  for (const { data } of templates) sum += data.length;
  for (const dependency of dependencies) sum += templateBytes(dependency);
  return sum;
}
