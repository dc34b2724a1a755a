import { stringAt } from "../../base/json-path.ts";
import type { Release } from "../../release/types.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { format, shortTime } from "../output.ts";
import { flagReader } from "../read-flags.ts";
import { openCluster, openDriver, openSession } from "../session.ts";
import { warningsOnly } from "../warnings.ts";

/** `slipway list`: the newest revision of each release. */
export async function list(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal } = invocation;
  const read = flagReader(flags);
  const cluster = await openCluster(invocation);
  try {
    const emit = warningsOnly(terminal);
    const session = openSession({ cluster, terminal, emit });
    const everywhere = read.boolean("all-namespaces");
    const driver = everywhere ? openDriver({ cluster, terminal, emit }, undefined) : session.driver;
    const newest = await driver.list({ latest: true });
    const shown = newest.filter((release) => isShown(release, read.boolean("all"))).sort(byNamespaceAndName);
    const value = shown.map(summaryOf);
    const rows = value.map((entry) => [
      entry.name,
      entry.namespace,
      entry.revision,
      shortTime(entry.updated),
      entry.status,
      entry.chart,
      entry.app_version,
    ]);
    const heads = ["NAME", "NAMESPACE", "REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION"];
    terminal.out.write(
      read.boolean("short")
        ? shown.map((release) => `${release.name}\n`).join("")
        : format(read.string("output"), value, heads, rows),
    );
    return 0;
  } finally {
    await cluster.close();
  }
}

// Helm 4 lists releases of every status; --all is accepted for those who come from Helm 3.
function isShown(release: Release, all: boolean): boolean {
  return all || release.status !== "uninstalled";
}

function byNamespaceAndName(a: Release, b: Release): number {
  const [left, right] = [`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The fields of `helm list -o json`. */
export function summaryOf(release: Release) {
  return {
    name: release.name,
    namespace: release.namespace,
    revision: String(release.revision),
    updated: release.lastDeployed,
    status: release.status,
    chart: chartName(release),
    app_version: stringAt(release.chart, "metadata", "appVersion") ?? "",
  };
}

export function chartName(release: Release): string {
  const name = stringAt(release.chart, "metadata", "name") ?? "";
  const version = stringAt(release.chart, "metadata", "version");
  return version ? `${name}-${version}` : name;
}
