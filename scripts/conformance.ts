// Renders charts by us, in one process, and compares each with what the real Helm prints.
//
//   npm run conformance -- CORPUS            every case of a corpus (a folder with cases.tsv and golden/)
//   npm run conformance -- FOLDER...         every chart below these folders, with its defaults and each ci/*-values.yaml
//
// Options: --helm 3, --only TEXT (cases whose name holds it), --show N (lines of each difference), --limit N
import { parseArgs } from "node:util";
import { chartCases } from "./conformance/chart-cases.ts";
import { compareOutputs } from "./conformance/compare.ts";
import { corpusCases, isCorpus } from "./conformance/corpus-cases.ts";
import { renderCase } from "./conformance/render-case.ts";
import type { Case, Verdict } from "./conformance/types.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    helm: { type: "string", default: "4" },
    only: { type: "string" },
    show: { type: "string", default: "0" },
    limit: { type: "string" },
  },
});

const helm = values.helm === "3" ? "3" : "4";
if (positionals.length === 0) {
  console.error("Name a corpus, or folders with charts: npm run conformance -- FOLDER...");
  process.exit(2);
}

const counts: Record<Verdict, number> = {
  same: 0,
  different: 0,
  "both fail": 0,
  "only Helm fails": 0,
  "only we fail": 0,
};
const startedAt = performance.now();
let spentMs = 0;
for await (const item of cases()) {
  const before = performance.now();
  const ours = await renderCase(item, helm);
  spentMs += performance.now() - before;
  const { verdict, detail } = compareOutputs(ours, await item.helm(), Number(values.show));
  counts[verdict] += 1;
  if (verdict !== "same" && verdict !== "both fail")
    console.log(`${verdict}: ${item.name}${detail === "" ? "" : `: ${detail}`}`);
  else if (verdict === "both fail" && Number(values.show) > 0) console.log(`${verdict}: ${item.name}: ${detail}`);
}

const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
const parts = Object.entries(counts).map(([verdict, count]) => `${count} ${verdict}`);
console.log(`${total} cases against Helm ${helm}: ${parts.join(", ")}`);
console.log(
  `rendered in ${(spentMs / 1000).toFixed(1)} s, ${((performance.now() - startedAt) / 1000).toFixed(1)} s in all`,
);
process.exit(counts.different + counts["only Helm fails"] + counts["only we fail"] === 0 ? 0 : 1);

async function* cases(): AsyncGenerator<Case> {
  let left = Number(values.limit ?? Number.POSITIVE_INFINITY);
  for (const folder of positionals) {
    for (const item of isCorpus(folder) ? corpusCases(folder, helm) : chartCases(folder, helm)) {
      if (values.only !== undefined && !item.name.includes(values.only)) continue;
      if (left-- <= 0) return;
      yield item;
    }
  }
}
