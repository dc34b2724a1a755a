/**
 * Renders every row of test/template/table through the real Helm and writes test/template/table/golden.json, or with
 * `--check` says which rows differ. Helm 4 renders; the text of an error is Helm 3's, which prints Go's own.
 *
 *     node scripts/template-table.ts HELM4 HELM3 [--check]
 */

import { isUtf8 } from "node:buffer";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Row } from "../test/template/table/row.ts";
import { chartName, type Golden, tables } from "../test/template/table/table.ts";
import { tableValues } from "../test/template/table/values.ts";

const goldenFile = new URL("../test/template/table/golden.json", import.meta.url);
const [helm4 = "", helm3 = ""] = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));
const folder = mkdtempSync(join(tmpdir(), "template-table-"));

function chart(files: Record<string, string>): string {
  const at = join(folder, "chart");
  rmSync(at, { recursive: true, force: true });
  mkdirSync(join(at, "templates"), { recursive: true });
  writeFileSync(join(at, "Chart.yaml"), `apiVersion: v2\nname: ${chartName}\nversion: 0.1.0\n`);
  writeFileSync(join(at, "values.yaml"), JSON.stringify(tableValues));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(at, "templates", name), text);
  return at;
}

/** All rows that render, in one run: each is a partial, printed in base64 so that no byte of it is lost. */
function renderAll(rows: Row[]): Map<string, Golden> {
  const files: Record<string, string> = {};
  const lines = rows.map(([name, template], index) => {
    files[`_row-${index}.tpl`] = template;
    return `  ${JSON.stringify(name)}: {{ include "${chartName}/templates/_row-${index}.tpl" . | b64enc | quote }}`;
  });
  files["all.yaml"] = ["apiVersion: v1", "kind: ConfigMap", "metadata: {name: all}", "data:", ...lines].join("\n");
  const run = spawnSync(helm4, ["template", "release", chart(files)], { encoding: "utf8", maxBuffer: 2 ** 26 });
  const failed = /_row-(\d+)\.tpl/.exec(run.stderr)?.[1];
  if (failed !== undefined) throw new Error(`The row "${rows[Number(failed)]?.[0]}" fails: ${run.stderr}`);
  const text = run.stdout;
  const found = new Map<string, Golden>();
  for (const [, name = "", base64 = ""] of text.matchAll(/^ {2}(".*"): "(.*)"$/gm)) {
    const bytes = Buffer.from(base64, "base64");
    found.set(JSON.parse(name), isUtf8(bytes) ? { output: bytes.toString("utf8") } : { base64 });
  }
  return found;
}

function renderFailing([name, template]: Row): Golden {
  const at = chart({ "row.yaml": template });
  const newer = spawnSync(helm4, ["template", "release", at], { encoding: "utf8" });
  const older = spawnSync(helm3, ["template", "release", at], { encoding: "utf8" });
  if (newer.status === 0 || older.status === 0) throw new Error(`The row "${name}" does not fail`);
  const text = older.stderr.replace(/^[\s\S]*?Error: /, "").replace(/\n\nUse --debug flag[\s\S]*$/, "");
  return { error: text.trimEnd() };
}

const goldens: Record<string, Record<string, Golden>> = {};
for (const [table, rows] of Object.entries(tables)) {
  const found = table === "errors" ? new Map(rows.map((row) => [row[0], renderFailing(row)])) : renderAll(rows);
  goldens[table] = Object.fromEntries(rows.map(([name]) => [name, found.get(name) ?? { error: "not rendered" }]));
}
rmSync(folder, { recursive: true, force: true });

const text = `${JSON.stringify(goldens, null, 2)}\n`;
if (!process.argv.includes("--check")) writeFileSync(goldenFile, text);
else if (readFileSync(goldenFile, "utf8") !== text) {
  console.error(
    "test/template/table/golden.json is not what Helm renders: run this without --check and read the diff.",
  );
  process.exitCode = 1;
}
