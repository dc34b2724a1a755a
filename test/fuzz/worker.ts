// Feeds one target until its time is over. What it works on lies in shared memory, where it can be seen if it hangs.
import { parentPort, workerData } from "node:worker_threads";
import { SlipwayError } from "../../src/base/error.ts";
import { mutated, randomFrom } from "./mutate.ts";
import type { FuzzJob, FuzzMessage } from "./run-target.ts";
import { targets } from "./targets.ts";

const { name, seed, seconds, shared } = workerData as FuzzJob;
const [turns] = [new Int32Array(shared, 0, 2)];
const current = Buffer.from(shared, 8);
const target = targets[name]?.();
if (target === undefined) throw new Error(`There is no target ${name}`);

const random = randomFrom(seed);
const endsAt = performance.now() + seconds * 1000;
let runs = 0;
let failure: FuzzMessage["failure"];
while (performance.now() < endsAt && failure === undefined) {
  const input = mutated(target.seeds, target.words, random);
  input.copy(current);
  Atomics.store(turns, 1, input.length);
  Atomics.store(turns, 0, ++runs);
  try {
    await target.run(input);
  } catch (error) {
    if (!(error instanceof SlipwayError)) {
      failure = { why: error instanceof Error ? (error.stack ?? error.message) : String(error), input };
    }
  }
}
const message: FuzzMessage = { runs, ...(failure && { failure }) };
parentPort?.postMessage(message);
