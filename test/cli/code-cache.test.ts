import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "slipway-code-cache-"));
const cache = join(folder, "cache");
const program = join(folder, "program.cjs");
const starter = new URL("../../src/cli/code-cache.ts", import.meta.url).href;

beforeEach(() => rmSync(cache, { recursive: true, force: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(text: string): string {
  writeFileSync(program, text);
  return again();
}

function again(...words: string[]): string {
  const code = `(await import(${JSON.stringify(starter)})).runCompiled(${JSON.stringify(program)}, ${JSON.stringify(cache)}, "it")`;
  return execFileSync(process.execPath, ["--input-type=module", "-e", code, ...words], {
    encoding: "utf8",
    stdio: "pipe",
  });
}

function kept(): string[] {
  return readdirSync(cache);
}

const printing = (word: string) =>
  `"use strict"; const { basename } = require("node:path"); process.stdout.write(${JSON.stringify(word)} + basename(__filename));`;

test("what a run used is kept, and only the user can read it", () => {
  expect(run(printing("one"))).toBe("oneprogram.cjs");
  const [name = ""] = kept();
  expect(kept()).toHaveLength(1);
  expect(statSync(join(cache, name)).mode & 0o777).toBe(0o600);
  const before = readFileSync(join(cache, name));
  expect(again()).toBe("oneprogram.cjs");
  expect(readFileSync(join(cache, name)).equals(before)).toBe(true);
});

test("what it requires beside it is kept for each use, and loaded once", () => {
  writeFileSync(join(folder, "part.cjs"), 'process.stdout.write("part "); exports.word = "of it";');
  const parts =
    'const { word } = require("./part.cjs"); process.stdout.write(word + (require("./part.cjs").word === word));';
  for (const text of [run(parts), again()]) expect(text).toBe("part of ittrue");
  expect(
    kept()
      .map((name) => name.replace(/.*-it-/, ""))
      .sort(),
  ).toEqual(["part", "program"]);
});

test("what a run used beside what is kept is kept with it", () => {
  const functions = Array.from(
    { length: 1000 },
    (_, at) => `function f${at}(x) { return [x + ${at}, x * ${at}].join(); }`,
  );
  const calls = functions.map((_, at) => `f${at}(1)`);
  run(`${functions.join("\n")}\nif (process.argv.includes("much")) [${calls}]; else process.stdout.write("little");`);
  const [name = ""] = kept();
  const little = readFileSync(join(cache, name));
  again();
  expect(readFileSync(join(cache, name)).equals(little)).toBe(true);
  again("much");
  const much = readFileSync(join(cache, name));
  expect(much.length).toBeGreaterThan(little.length);
  expect(again()).toBe("little");
  expect(readFileSync(join(cache, name)).equals(much)).toBe(true);
});

test("a program that changed is compiled anew, also where it is as long", () => {
  run(printing("one"));
  expect(run(printing("two"))).toBe("twoprogram.cjs");
});

test("what is damaged is not run, and replaced", () => {
  run(printing("one"));
  const [name = ""] = kept();
  writeFileSync(join(cache, name), "damaged");
  expect(again()).toBe("oneprogram.cjs");
  expect(statSync(join(cache, name)).size).toBeGreaterThan(100);
});

test("what others could have written is not taken", () => {
  run(printing("one"));
  const [name = ""] = kept();
  chmodSync(join(cache, name), 0o666);
  const { mtimeMs } = statSync(join(cache, name));
  expect(again()).toBe("oneprogram.cjs");
  expect(statSync(join(cache, name)).mode & 0o022).toBe(0);
  expect(statSync(join(cache, name)).mtimeMs).toBeGreaterThanOrEqual(mtimeMs);
});

test("a run that failed keeps nothing, and one that can't keep is none the worse", () => {
  expect(() => run("process.exitCode = 1;")).toThrow();
  expect(() => kept()).toThrow();
  writeFileSync(cache, "a file where the folder should be");
  expect(run(printing("one"))).toBe("oneprogram.cjs");
});
