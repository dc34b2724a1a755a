import { SlipwayError } from "../../base/error.ts";
import { deployDefaults } from "../../deploy/options.ts";
import { rollback as rollbackRelease } from "../../deploy/rollback.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { carryOutOptions } from "../deploy-options.ts";
import { finish } from "../finish.ts";
import { flagReader, optional } from "../read-flags.ts";
import { openCluster, openSession } from "../session.ts";
import { telling } from "../telling.ts";

/** `slipway rollback NAME [REVISION]`. */
export async function rollback(invocation: Invocation): Promise<ExitCode> {
  const { positionals, flags, terminal } = invocation;
  const [name = "", wanted] = positionals;
  const read = flagReader(flags);
  const revision = revisionOf(wanted);
  const form = read.string("output");
  terminal.ci?.about({ command: "rollback", release: name, ...optional("namespace", read.string("namespace")) });
  const told = telling(terminal, form);
  const cluster = await openCluster(invocation);
  try {
    const session = openSession({ cluster, terminal, emit: told.emit });
    const dryRun = read.boolean("dry-run");
    const result = await rollbackRelease(session, {
      ...carryOutOptions(read),
      release: name,
      namespace: cluster.namespace,
      ...optional("revision", revision),
      historyMax: read.number("history-max", deployDefaults.historyMax),
      ...optional("description", read.string("description")),
      dryRun,
    });
    told.close();
    const done = dryRun ? "Nothing was changed." : `Release ${name} was rolled back: revision ${result.revision}`;
    return finish({ ...result, notes: "" }, { terminal, paint: told.paint, form, done });
  } finally {
    told.close();
    await cluster.close();
  }
}

// As in Helm, 0 is the one before.
function revisionOf(text: string | undefined): number | undefined {
  if (text === undefined || text === "0") return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new SlipwayError("INPUT_INVALID", `A revision can't be "${text}"`, {
    hint: "It has to be a number from the history.",
  });
}
