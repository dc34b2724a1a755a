// Feeds every reader of untrusted text with broken input, one after the other.
//
//   npm run fuzz -- [SECONDS] [TARGET...]    each target for so long (default 30), beginning with a new seed
//
// Options: --seed N repeats a run.
import { parseArgs } from "node:util";
import { failureText, runTarget } from "../test/fuzz/run-target.ts";
import { targets } from "../test/fuzz/targets.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seed: { type: "string" } } });
const [first, ...others] = positionals;
const hasSeconds = /^\d+$/.test(first ?? "");
const seconds = hasSeconds ? Number(first) : 30;
const asked = hasSeconds ? others : positionals;
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));

for (const name of asked.length > 0 ? asked : Object.keys(targets)) {
  const { runs, failure } = await runTarget(name, { seed, seconds });
  if (failure !== undefined) process.exitCode = 1;
  console.log(
    failure === undefined ? `${name}: ${runs} inputs in ${seconds} s, seed ${seed}` : failureText(name, seed, failure),
  );
}
