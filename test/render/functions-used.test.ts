import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createLexer } from "../../src/template/lexer.ts";
import { fixtures } from "../fixtures/render-cases.ts";

/** The functions that the real Helm has: docs/functions.md is made from it. */
function documentedFunctions(): string[] {
  const page = readFileSync(join(import.meta.dirname, "../../docs/functions.md"), "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` \| (.+?) \|/gm)];
  return rows.filter(([, , helm4]) => helm4 !== "absent in both").map(([, name = ""]) => name);
}

function identifiersIn(template: string, found: Set<string>): void {
  const lexer = createLexer(template, { breakOk: true, continueOk: true });
  for (let token = lexer.next(); token.type !== "eof" && token.type !== "error"; token = lexer.next()) {
    if (token.type === "identifier") found.add(token.val);
  }
}

test("every function of Helm is called by a fixture chart", () => {
  const used = new Set<string>();
  const folder = join(fixtures, "charts");
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (/\/templates\/.*\.(ya?ml|tpl|txt|json)$/.test(path)) {
      identifiersIn(readFileSync(join(folder, path), "utf8"), used);
    }
  }
  const documented = documentedFunctions();
  expect(documented.length).toBeGreaterThan(200);
  expect(documented.filter((name) => !used.has(name))).toEqual([]);
});
