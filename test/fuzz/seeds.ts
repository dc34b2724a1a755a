import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fixtures } from "../fixtures/render-cases.ts";

const maxSeedBytes = 3000;

/** Small files of our fixture charts whose path a pattern finds. */
export function fixtureSeeds(pattern: RegExp): Buffer[] {
  const charts = join(fixtures, "charts");
  return readdirSync(charts, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => pattern.test(path))
    .sort()
    .map((path) => readFileSync(path).subarray(0, maxSeedBytes));
}

export function words(text: string): Buffer[] {
  return text
    .split(" ")
    .map((word) => Buffer.from(word.replaceAll("␣", " ").replaceAll("⏎", "\n").replaceAll("⇥", "\t")));
}
