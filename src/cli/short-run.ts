import { nodeV8 } from "../base/node-library.ts";
import type { Chart } from "../chart/types.ts";

const manyBytes = 256 * 1024;

/**
 * Renders without V8's optimizing compiler, which on a run of less than a second costs more than its code saves, and with
 * fewer and larger collections of garbage. For a small chart it doesn't come to either, and loading what the flags are set
 * with would take longer. They are taken back, since compiled code serves the next process only under the flags that it
 * starts with.
 */
export async function shortRun<Result>(chart: Chart, render: () => Promise<Result>): Promise<Result> {
  if (templateBytes(chart) < manyBytes) return await render();
  const { setFlagsFromString } = nodeV8();
  for (const flag of ["--no-opt", "--semi-space-growth-factor=16"]) setFlagsFromString(flag);
  try {
    return await render();
  } finally {
    for (const flag of ["--opt", "--semi-space-growth-factor=2"]) setFlagsFromString(flag);
  }
}

function templateBytes({ templates, dependencies }: Chart): number {
  let sum = 0;
  for (const { data } of templates) sum += data.length;
  for (const dependency of dependencies) sum += templateBytes(dependency);
  return sum;
}
