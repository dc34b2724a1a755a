import { nodeCrypto, nodeV8 } from "../base/node-library.ts";
import type { Chart } from "../chart/types.ts";

const manyBytes = 256 * 1024;

/**
 * Renders without V8's optimizing compiler, which on a run of less than a second costs more than its code saves, and with a
 * young generation that stays small: what a run makes it mostly keeps, and new pages cost more than collecting does. What
 * was compiled stays, since the next run may use what this one doesn't. For a small chart it doesn't come to that, and
 * loading what the flags are set with would take longer. They are taken back, since compiled code serves the next process
 * only under the flags that it starts with.
 */
export async function shortRun<Result>(chart: Chart, render: () => Promise<Result>): Promise<Result> {
  if (templateBytes(chart) < manyBytes) return await render();
  const { setFlagsFromString } = nodeV8();
  // Most large charts make checksums or passwords. Under other flags Node would have to compile its own module.
  nodeCrypto();
  setFlagsFromString("--no-opt --semi-space-growth-factor=1 --no-flush-bytecode");
  try {
    return await render();
  } finally {
    setFlagsFromString("--opt --semi-space-growth-factor=2 --flush-bytecode");
  }
}

function templateBytes({ templates, dependencies }: Chart): number {
  let sum = 0;
  for (const { data } of templates) sum += data.length;
  for (const dependency of dependencies) sum += templateBytes(dependency);
  return sum;
}
