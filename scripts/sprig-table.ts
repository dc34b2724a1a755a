/**
 * Renders every row of the table of sprig functions with the real Helm and writes what it gives, or why it fails, to
 * test/template/sprig/table.generated.json. With `--check` it only says whether that file is still right.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { sprigRows, sprigValues } from "../test/template/sprig/rows/all.ts";

type Row = { function: string; template: string; output?: string; error?: string };

const helm = process.env["HELM"] ?? join(homedir(), ".cache/slipway/parts/helm4@v4.3.1");
const table = new URL("../test/template/sprig/table.generated.json", import.meta.url);
const rows: Row[] = Object.entries(sprigRows).flatMap(([name, templates]) =>
  templates.map((template) => ({ function: name, template })),
);
const chart = mkdtempSync(join(tmpdir(), "sprig-table-"));

function runHelm(): { stdout: string; stderr: string } {
  try {
    const env = { ...process.env, TZ: "UTC" };
    const stdout = execFileSync(helm, ["template", "t", chart], {
      env,
      encoding: "utf8",
      stdio: "pipe",
      maxBuffer: 1 << 28,
    });
    return { stdout, stderr: "" };
  } catch (cause) {
    if (cause instanceof Error && "stderr" in cause) return { stdout: "", stderr: String(cause.stderr) };
    throw cause;
  }
}

function writeChart(left: readonly number[]): void {
  const defines = rows.map(({ template }, index) => `{{ define "r${index}" }}${template}{{ end }}`);
  writeFileSync(join(chart, "templates/_rows.tpl"), defines.join("\n"));
  const calls = left.map((index) => `r${index}: {{ include "r${index}" . | b64enc | quote }}`);
  writeFileSync(join(chart, "templates/rows.yaml"), `kind: Rows\n${calls.join("\n")}\n`);
}

/** A row that fails stops the whole run: it is noted and left out of the next one. */
function renderAll(): void {
  let left = rows.map((_, index) => index);
  for (;;) {
    writeChart(left);
    const { stdout, stderr } = runHelm();
    if (stderr === "") {
      for (const [, index, text = ""] of stdout.matchAll(/^r([0-9]+): "(.*)"$/gm)) {
        const row = rows[Number(index)];
        if (row) row.output = Buffer.from(text, "base64").toString();
      }
      return;
    }
    const [, index, error] = /.*executing "r([0-9]+)" at ([\s\S]*?)\s*$/.exec(stderr) ?? [];
    const row = rows[Number(index)];
    if (!row || error === undefined || row.error !== undefined)
      throw new Error(`cannot tell which row fails: ${stderr}`);
    // Helm 4 puts the links of the chain on lines of their own.
    row.error = error.replace(/\n\nUse --debug[\s\S]*$/, "").replace(/:\n +/g, ": ");
    left = left.filter((other) => other !== Number(index));
  }
}

try {
  mkdirSync(join(chart, "templates"));
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: rows\nversion: 0.1.0\n");
  writeFileSync(join(chart, "values.yaml"), sprigValues);
  renderAll();
} finally {
  rmSync(chart, { recursive: true });
}
const json = `${JSON.stringify(rows, null, 1)}\n`;
if (!process.argv.includes("--check")) writeFileSync(table, json);
else if (readFileSync(table, "utf8") !== json) {
  console.error("test/template/sprig/table.generated.json differs from the real Helm: run scripts/sprig-table.ts");
  process.exitCode = 1;
}
console.log(`${rows.length} rows, ${rows.filter(({ error }) => error !== undefined).length} of them fail`);
