import { type Converted, convertHelm2 as convertReleases } from "../../deploy/convert-helm2.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { format } from "../output.ts";
import { flagReader } from "../read-flags.ts";
import { openCluster, openDriver, openSession } from "../session.ts";
import { warningsOnly } from "../warnings.ts";
import { chartName } from "./list.ts";

/** `slipway convert-helm2 [NAME...]`. */
export async function convertHelm2(invocation: Invocation): Promise<ExitCode> {
  const { positionals, flags, terminal } = invocation;
  const read = flagReader(flags);
  const cluster = await openCluster(invocation);
  try {
    const emit = warningsOnly(terminal);
    const session = openSession({ cluster, terminal, emit });
    const converted = await convertReleases(session, {
      releases: positionals,
      tillerNamespace: read.string("tiller-namespace") ?? "kube-system",
      dryRun: read.boolean("dry-run"),
      deletes: read.boolean("delete"),
      driverOf: (namespace) => openDriver({ cluster, terminal, emit }, namespace),
    });
    const value = converted.map(entryOf);
    const rows = value.map((entry) => Object.values(entry).map(String));
    const heads = ["NAME", "NAMESPACE", "REVISION", "STATUS", "CHART", "OUTCOME"];
    terminal.out.write(format(read.string("output"), value, heads, rows));
    return 0;
  } finally {
    await cluster.close();
  }
}

function entryOf({ release, outcome }: Converted) {
  const { name, namespace, revision, status } = release;
  return { name, namespace, revision, status, chart: chartName(release), outcome };
}
