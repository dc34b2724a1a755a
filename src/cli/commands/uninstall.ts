import { hasCode } from "../../base/error.ts";
import { uninstall as uninstallRelease } from "../../deploy/uninstall.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { carryOutOptions } from "../deploy-options.ts";
import { finish } from "../finish.ts";
import { flagReader, optional } from "../read-flags.ts";
import { openCluster, openSession } from "../session.ts";
import { telling } from "../telling.ts";

/** `slipway uninstall NAME...`. */
export async function uninstall(invocation: Invocation): Promise<ExitCode> {
  const { positionals, flags, terminal } = invocation;
  const read = flagReader(flags);
  const form = read.string("output");
  const told = telling(terminal, form);
  const cluster = await openCluster(invocation);
  const dryRun = read.boolean("dry-run");
  try {
    const session = openSession({ cluster, terminal, emit: told.emit });
    for (const name of positionals) {
      terminal.ci?.about({ command: "uninstall", release: name, ...optional("namespace", read.string("namespace")) });
      try {
        const result = await uninstallRelease(session, {
          ...carryOutOptions(read),
          release: name,
          namespace: cluster.namespace,
          keepHistory: read.boolean("keep-history"),
          ...optional("description", read.string("description")),
          dryRun,
        });
        told.close();
        const done = dryRun ? "Nothing was changed." : `Release ${name} is uninstalled`;
        finish(result, { terminal, paint: told.paint, form, done });
      } catch (error) {
        if (!read.boolean("ignore-not-found") || !hasCode(error, "RELEASE_NOT_FOUND")) throw error;
      }
    }
    return 0;
  } finally {
    told.close();
    await cluster.close();
  }
}
