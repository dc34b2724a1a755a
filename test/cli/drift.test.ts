import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { commandLine } from "./command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-drift-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

const rules = (text: string) => {
  const path = join(folder, "rules.yaml");
  writeFileSync(path, text);
  return path;
};

test.each<[string, () => string[], RegExp]>([
  ["names of all namespaces", () => ["shop", "-A"], /^Error: Names and --all-namespaces can't be given together/],
  [
    "rules that are not there",
    () => ["--ignore", join(folder, "nope.yaml")],
    /^Error: The rules in .*nope.yaml can't be read/,
  ],
  ["rules that are no YAML", () => ["--ignore", rules("a: [")], /YAML_INVALID/],
  ["rules without paths", () => ["--ignore", rules("- target: {kind: Service}")], /Rule 1 has no paths/],
  ["a name that is none", () => ["--sandbox", "a,owner=x"], /"a,owner=x" can't be the name of a release/],
])("refuses %s", async (_, words, message) => {
  const { code, out, err } = await commandLine(["drift", ...words()]);
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toMatch(message);
});

test("says when there is nothing to check, and which release is not there", async () => {
  expect(await commandLine(["drift", "--sandbox", "-A", "--fail-on-drift"])).toMatchObject({
    code: 0,
    out: "There are no releases to check\n",
  });
  const { code, out } = await commandLine(["drift", "--sandbox", "shop"]);
  expect(code).toBe(1);
  expect(out).toContain("failed: There is no release shop in namespace default");
});
