import { setFlagsFromString } from "node:v8";

/**
 * Runs what mostly takes less than a second without V8's optimizing compiler, which would cost more than its code saves.
 * The flag is taken back, since Node keeps compiled code for the next process only under the flags that it starts with.
 */
export async function shortRun<Result>(run: () => Promise<Result>): Promise<Result> {
  setFlagsFromString("--no-opt");
  try {
    return await run();
  } finally {
    setFlagsFromString("--opt");
  }
}
