import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { part } from "../parts.ts";
import { runSlipway, runTool } from "../scenarios/tools.ts";
import { type Files, type Mistake, mistakes, soundChart } from "./lint/mistakes.ts";
import { failedIn, sectionsOf } from "./lint/sections.ts";

const seed = Number(process.env["SLIPWAY_SEED"] ?? 1);
const count = Number(process.env["SLIPWAY_CASES"] ?? 150);

/** Every mistake by itself, and several of them in one chart. */
const cases: readonly (readonly Mistake[])[] = [
  ...mistakes.map((mistake) => [mistake]),
  ...fc.sample(fc.subarray([...mistakes], { minLength: 2, maxLength: 3 }), { seed, numRuns: count }),
];
const nameOf = (index: number) => `c${String(index).padStart(4, "0")}`;
const names = cases.map((_, index) => nameOf(index));

const root = mkdtempSync(join(tmpdir(), "slipway-mistakes-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
for (const [index, made] of cases.entries()) writeChart(join(root, nameOf(index)), nameOf(index), filesOf(made));

function filesOf(made: readonly Mistake[]): Files {
  const files: Record<string, string | undefined> = { ...soundChart };
  for (const mistake of made) {
    for (const [name, change] of Object.entries(mistake)) files[name] = change(files[name] ?? "");
  }
  return files;
}

function writeChart(folder: string, name: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    // One mistake makes a file of the folder that another puts a file into.
    if (text === undefined || (path.startsWith("templates/") && files["templates"] !== undefined)) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text.replaceAll("NAME", name));
  }
}

/** How many findings of each severity there are; an error that ends the look at a chart is one, too. */
function countsIn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const counts = ["ERROR", "WARNING", "INFO"].map((severity) => {
    const lines = text.match(new RegExp(`^\\[${severity}\\] .*`, "gm")) ?? [];
    // The rest of ours are remarks that Helm does not make.
    const isHelms = (line: string) => severity !== "INFO" || /icon is recommended|file does not exist/.test(line);
    return `${severity} ${lines.filter(isHelms).length}`;
  });
  return [...counts, ...(/^Error /m.test(text) ? ["ENDED"] : [])].join(", ");
}

describe.each(["3", "4"] as const)("lint as helm%s", (version) => {
  const helm = part(`helm${version}`) ?? "";

  test.runIf(helm)(`${cases.length} charts, seed ${seed}`, async () => {
    const words = ["lint", ...names.map((name) => join(root, name)), "--kube-version", "1.36"];
    const [theirs, ours, strict, ourStrict] = await Promise.all([
      runTool(helm, words, { HOME: root }),
      runSlipway([...words, "--helm", version]),
      runTool(helm, [...words, "--strict"], { HOME: root }),
      runSlipway([...words, "--strict", "--helm", version]),
    ]);
    const [wanted, got] = [sectionsOf(theirs.out), sectionsOf(ours.out)];
    expect(wanted.size).toBe(cases.length);
    const differences = names.flatMap((name, index) => {
      const [helms, own] = [wanted, got].map((sections) => countsIn(sections.get(join(root, name))));
      return helms === own ? [] : [{ files: changedFiles(index), helm: helms, ours: own }];
    });
    expect({ different: differences.length, shown: differences.slice(0, 3) }).toEqual({ different: 0, shown: [] });
    expect([failedIn(ours), failedIn(ourStrict)]).toEqual([failedIn(theirs), failedIn(strict)]);
    expect([ours.code, ourStrict.code]).toEqual([theirs.code, strict.code]);
  });
});

function changedFiles(index: number): Files {
  const files = filesOf(cases[index] ?? []);
  return Object.fromEntries(Object.entries(files).filter(([name, text]) => text !== soundChart[name]));
}
