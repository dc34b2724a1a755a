// Writes test/base/yaml/golden/table.json: the real Helm 4's answers for every row of test/base/yaml/table.ts.
// Run: node scripts/yaml-table.ts
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tomlTexts, tomlValues } from "../test/base/toml/table.ts";
import { questions } from "../test/base/yaml/answers.ts";
import { documents, jsonTexts, values } from "../test/base/yaml/table.ts";
import { askHelm } from "../test/helm-oracle.ts";
import { helmBinaries } from "./helm-binaries.ts";

const inputs = { fromYaml: documents, fromJson: jsonTexts, fromToml: tomlTexts, toToml: tomlValues } as const;
const golden: Record<string, Record<string, string>> = {};
for (const [name, { expression }] of Object.entries(questions)) {
  const rows: readonly string[] = name in inputs ? inputs[name as keyof typeof inputs] : values;
  const answers = askHelm(helmBinaries["4"], expression, rows);
  golden[name] = Object.fromEntries(rows.map((row, index) => [row, answers[index] ?? ""]));
}
const folder = join(import.meta.dirname, "../test/base/yaml/golden");
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "table.json"), `${JSON.stringify(golden, null, 1)}\n`);
