import { deployDefaults } from "../../deploy/options.ts";
import { type Unlocked, unlock as unlockRelease } from "../../deploy/unlock.ts";
import { oneLine } from "../../report/plain-text.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { format } from "../output.ts";
import { flagReader } from "../read-flags.ts";
import { openCluster, openSession } from "../session.ts";
import { warningsOnly } from "../warnings.ts";

/** `slipway unlock NAME`. */
export async function unlock(invocation: Invocation): Promise<ExitCode> {
  const { positionals, flags, terminal } = invocation;
  const [name = ""] = positionals;
  const read = flagReader(flags);
  const cluster = await openCluster(invocation);
  try {
    const session = openSession({ cluster, terminal, emit: warningsOnly(terminal) });
    const unlocked = await unlockRelease(session, {
      release: name,
      namespace: cluster.namespace,
      force: read.boolean("force"),
      timeoutMs: read.number("timeout", deployDefaults.timeoutMs),
    });
    const form = read.string("output");
    terminal.out.write(
      form === "json" || form === "yaml" ? format(form, { release: name, ...unlocked }, [], []) : text(name, unlocked),
    );
    return 0;
  } finally {
    await cluster.close();
  }
}

function text(name: string, { held, abandoned }: Unlocked): string {
  if (held === undefined && abandoned.length === 0) return `Release ${name} is not locked\n`;
  const who = held ? ` It was held by ${oneLine(held.holder, 500)} since ${oneLine(held.since, 100)}.` : "";
  const what = abandoned.map(
    ({ revision, status }) => `Revision ${revision} was ${status}: it is recorded as failed.\n`,
  );
  return `Release ${name} is unlocked.${who}\n${what.join("")}`;
}
