// Writes test/kube/patch/cases.generated.json: cases of three-way patches with what Kubernetes' own code makes of them.
// Needs Go, and the Go module proxy the first time:  node scripts/patch-cases.ts
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { namedCases } from "../test/kube/patch/named-cases.ts";
import { patchCase } from "../test/kube/patch/objects.ts";

const kubernetes = "v0.36.3";
const generated = fc
  .sample(patchCase, { numRuns: 120, seed: 7 })
  .map((each, index) => ({ name: `generated ${index}`, ...each }));
const cases = [...namedCases, ...generated];

const folder = mkdtempSync(join(tmpdir(), "patch-cases-"));
try {
  cpSync(new URL("./patch-cases/main.go", import.meta.url), join(folder, "main.go"));
  const run = (args: string[], input = "") =>
    execFileSync("go", args, { cwd: folder, input, encoding: "utf8", maxBuffer: 1 << 28 });
  run(["mod", "init", "patch-cases"]);
  run(["get", `k8s.io/apimachinery@${kubernetes}`, `k8s.io/client-go@${kubernetes}`]);
  run(["mod", "tidy"]);
  const output = run(["run", "."], cases.map((each) => JSON.stringify(each)).join("\n"));
  const results = output.trim().split("\n");
  const lines = cases.map((each, index) => JSON.stringify({ ...each, expected: JSON.parse(results[index] ?? "") }));
  writeFileSync(new URL("../test/kube/patch/cases.generated.json", import.meta.url), `[\n${lines.join(",\n")}\n]\n`);
  console.log(`${cases.length} cases, by Kubernetes ${kubernetes}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
