import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { hasCode } from "../../../src/base/error.ts";
import {
  decodeSavedPlan,
  encodeSavedPlan,
  readSavedPlan,
  writeSavedPlan,
} from "../../../src/deploy/saved-plan/file.ts";
import type { SavedPlan } from "../../../src/deploy/saved-plan/types.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-plan-file-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plan: SavedPlan = {
  format: "slipway-plan",
  version: 1,
  created: "2026-05-01T12:00:00.000Z",
  release: "shop",
  namespace: "prod",
  createNamespace: false,
  revision: 3,
  last: { revision: 2, status: "deployed" },
  cluster: { server: "https://k.example", address: "0123", uid: "u" },
  options: { helm: "4" },
  chart: { name: "shop", version: "1.0.0", digest: "d", files: { "Chart.yaml": "01234567" } },
  objects: [
    {
      role: "object",
      action: "change",
      ref: { apiVersion: "v1", kind: "ConfigMap", namespace: "prod", name: "a" },
      desired: { data: { constructor: "0123", ["__proto__"]: "4567" } },
    },
  ],
  values: "v",
  rendered: "r",
  seen: "s",
  salt: "a".repeat(64),
};

test("what is written is read back, by its owner alone, also over an open file that was there", () => {
  const path = join(folder, "plan.json");
  writeFileSync(path, "old", { mode: 0o644 });
  writeSavedPlan(path, plan);
  expect(readSavedPlan(path)).toEqual(plan);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a link is replaced, and what it leads to left alone", () => {
  const [link, aim] = [join(folder, "link.json"), join(folder, "aim")];
  writeFileSync(aim, "theirs");
  symlinkSync(aim, link);
  writeSavedPlan(link, plan);
  expect([readFileSync(aim, "utf8"), readSavedPlan(link).release]).toEqual(["theirs", "shop"]);
});

const text = encodeSavedPlan(plan);
const anew = (changed: object) => encodeSavedPlan({ ...plan, ...changed } as SavedPlan);

const refused: [name: string, text: string, why: RegExp][] = [
  ["no JSON", "{", /not a JSON object/],
  ["a list", "[]", /not a JSON object/],
  ["something else", '{"kind": "List"}', /is not a saved plan/],
  ["another version", anew({ version: 2 }), /is of version 2, and this version of Slipway reads 1/],
  ["one byte that is another", text.replace('"prod"', '"stage"'), /not as it was written/],
  ["a field more", text.replace('"release"', '"extra": 1, "release"'), /not as it was written/],
  ["a file that was cut off", text.slice(0, -20), /not a JSON object/],
  ["no integrity", text.replace(/"integrity": "[^"]+"/, '"integrity": ""'), /not as it was written/],
  ["objects that are none", anew({ objects: [{ role: "object" }] }), /the field "objects" is missing or wrong/],
  ["hashes that are numbers", anew({ objects: [{ ...plan.objects[0], live: { a: 1 } }] }), /"objects"/],
  ["no salt", anew({ salt: "" }), /"salt"/],
  ["very deep nesting", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`, /nested too deeply/],
];

describe("a plan's file is refused, without a word of what stands in it, for", () => {
  test.each(refused)("%s", (_, content, why) => {
    try {
      decodeSavedPlan(content, "plan.json");
    } catch (error) {
      expect(hasCode(error, "PLAN_INVALID")).toBe(true);
      expect(error).toMatchObject({ message: expect.stringMatching(why), where: "plan.json" });
      return;
    }
    throw new Error("it was taken");
  });

  test("its size", () => {
    const path = join(folder, "large.json");
    writeFileSync(path, Buffer.alloc(33 * 1024 * 1024, " "));
    expect(() => readSavedPlan(path)).toThrow(/larger than 32 MiB/);
  });

  test.each(["missing.json", "."])("being no file: %s", (name) => {
    expect(() => readSavedPlan(join(folder, name))).toThrow(/Cannot read the plan|is no file/);
  });
});

test("a place that can't be written to is told", () => {
  expect(() => writeSavedPlan(join(folder, "nowhere", "plan.json"), plan)).toThrow(/Cannot write the plan to/);
});
