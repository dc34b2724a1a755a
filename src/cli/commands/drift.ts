import { readFileSync } from "node:fs";
import { SlipwayError } from "../../base/error.ts";
import { drift as findDrift } from "../../deploy/drift/drift.ts";
import { readIgnoreRules } from "../../deploy/drift/read-rules.ts";
import { hasDrift, hasFailed } from "../../deploy/drift/types.ts";
import { driftLines } from "../../report/drift-text.ts";
import { driftData } from "../../report/drift-words.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { format } from "../output.ts";
import { flagReader } from "../read-flags.ts";
import { openCluster, openDriver, openSession } from "../session.ts";
import { paintFor } from "../telling.ts";
import { warningsOnly } from "../warnings.ts";

/** `slipway drift [NAME...]`: what is not as it was deployed. */
export async function drift(invocation: Invocation): Promise<ExitCode> {
  const { positionals, flags, terminal } = invocation;
  const read = flagReader(flags);
  const everywhere = read.boolean("all-namespaces");
  if (everywhere && positionals.length > 0) {
    const hint = "Name releases of one namespace, or leave out the names to check all.";
    throw new SlipwayError("INPUT_INVALID", "Names and --all-namespaces can't be given together", { hint });
  }
  const rules = readIgnoreRules(read.strings("ignore").map((source) => ({ source, text: readRules(source) })));
  const cluster = await openCluster(invocation);
  try {
    const emit = warningsOnly(terminal);
    const session = openSession({ cluster, terminal, emit });
    // Records that nobody can read are in the report.
    const driverOf = (namespace: string | undefined) => openDriver({ cluster, terminal, emit: () => {} }, namespace);
    const report = await findDrift(
      { ...session, driverOf },
      {
        ...(positionals.length > 0 ? { releases: positionals } : {}),
        ...(everywhere ? {} : { namespace: cluster.namespace }),
        correct: read.boolean("correct"),
        rules,
      },
    );
    const form = read.string("output");
    const isData = form === "json" || form === "yaml";
    terminal.out.write(
      isData
        ? format(form, driftData(report), [], [])
        : driftLines(report, paintFor(terminal))
            .map((line) => `${line}\n`)
            .join(""),
    );
    if (hasFailed(report)) return 1;
    return read.boolean("fail-on-drift") && hasDrift(report) ? 2 : 0;
  } finally {
    await cluster.close();
  }
}

function readRules(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SlipwayError("INPUT_INVALID", `The rules in ${path} can't be read: ${why}`, { cause });
  }
}
