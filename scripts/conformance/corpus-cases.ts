import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runHelmTwice } from "./run-helm.ts";
import type { Case, Outcome } from "./types.ts";

export function isCorpus(folder: string): boolean {
  return existsSync(join(folder, "cases.tsv")) && existsSync(join(folder, "golden"));
}

/** The cases of a corpus with the outputs that lie in it; what isn't deterministic is rendered by the real Helm anew. */
export function* corpusCases(corpus: string, helm: "3" | "4"): Generator<Case> {
  const rows = readFileSync(join(corpus, "cases.tsv"), "utf8").trim().split("\n").slice(1);
  for (const row of rows) {
    const [name = "", chart = "", values = "-", status] = row.split("\t");
    const files = values === "-" ? [] : [values];
    yield {
      name,
      chart: join(corpus, chart),
      values: files.map((file) => join(corpus, file)),
      helm: async () => {
        const recorded = golden(corpus, name, helm);
        if (status !== "nondet" || "error" in recorded) return recorded;
        const fresh = await runHelmTwice(helm, chart, files, corpus);
        // The recorded run is the only one of another day.
        return "error" in fresh ? fresh : { ...fresh, others: [...(fresh.others ?? []), recorded.output] };
      },
    };
  }
}

/** Of Helm 4 the corpus holds only what differs from Helm 3's. */
function golden(corpus: string, name: string, helm: "3" | "4"): Outcome {
  for (const folder of helm === "4" ? ["golden4", "golden"] : ["golden"]) {
    const output = join(corpus, folder, `${name}.yaml`);
    const error = join(corpus, folder, `${name}.err`);
    if (existsSync(output)) return { output: readFileSync(output, "utf8") };
    if (existsSync(error)) return { error: readFileSync(error, "utf8").trim() };
  }
  throw new Error(`The corpus has no golden output of ${name}`);
}
