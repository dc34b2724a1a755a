import { stringAt } from "../../base/json-path.ts";
import { ensureHistory } from "../../deploy/open-release.ts";
import { readable } from "../../release/history.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { format, shortTime } from "../output.ts";
import { flagReader } from "../read-flags.ts";
import { openCluster, openSession } from "../session.ts";
import { warningsOnly } from "../warnings.ts";
import { chartName } from "./list.ts";

/** `slipway history NAME`: its revisions, oldest first. */
export async function history(invocation: Invocation): Promise<ExitCode> {
  const { positionals, flags, terminal } = invocation;
  const [name = ""] = positionals;
  const read = flagReader(flags);
  const cluster = await openCluster(invocation);
  try {
    const { driver } = openSession({ cluster, terminal, emit: warningsOnly(terminal) });
    const revisions = await driver.history(name);
    ensureHistory(revisions, name, cluster.namespace);
    const known = readable(revisions);
    // Helm's --max counts from the newest; 0 shows all.
    const value = known.slice(-read.number("max", 256)).map((release) => ({
      revision: release.revision,
      updated: release.lastDeployed,
      status: release.status,
      chart: chartName(release),
      app_version: stringAt(release.chart, "metadata", "appVersion") ?? "",
      description: release.description,
    }));
    const rows = value.map((entry) => [
      String(entry.revision),
      shortTime(entry.updated),
      entry.status,
      entry.chart,
      entry.app_version,
      entry.description,
    ]);
    const heads = ["REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION", "DESCRIPTION"];
    terminal.out.write(format(read.string("output"), value, heads, rows));
    return 0;
  } finally {
    await cluster.close();
  }
}
