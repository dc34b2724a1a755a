import { existsSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "../../base/error.ts";
import { parseVersion } from "../../base/semver.ts";
import { satisfies } from "../../base/semver-constraint.ts";
import type { ContentCache } from "../content-cache.ts";
import { loadChart, loadPackedChart } from "../load-chart.ts";
import { packageChart } from "../package/package-chart.ts";
import { readConstraint } from "../pick-version.ts";
import { pullChart } from "../registry/pull.ts";
import { fromTag, parseReference } from "../registry/reference.ts";
import { type Access, withoutToken } from "../remote/access.ts";
import { findChart } from "../repository/find-chart.ts";
import { fetchFound } from "../repository/from-url.ts";
import { keptChart } from "../repository/kept-chart.ts";
import type { RemoteChart, Surroundings } from "../surroundings.ts";
import type { Dependency } from "../types.ts";
import { entryAccess, type Indexes } from "./indexes.ts";
import type { SourcedDependency } from "./known-sources.ts";

export type FetchedDependency = {
  /** As the lock file has it: with the version that was found. */
  locked: Dependency;
  /** What goes into `charts/`; nothing for a chart that lies there. */
  file?: { fileName: string; bytes: Buffer; provenance?: () => Promise<Buffer | undefined> };
};

export type FetchOptions = {
  chartFolder: string;
  around: Surroundings;
  access: Access;
  indexes: Indexes;
  archiveTime?: { seconds?: number };
  cache: ContentCache;
};

/** One dependency in the newest version that fits. */
export async function fetchDependency(
  { dependency, source }: SourcedDependency,
  options: FetchOptions,
): Promise<FetchedDependency> {
  const { name, version = "", repository = "" } = dependency;
  const lock = (found: string): Dependency => ({ name, version: found, repository });
  switch (source.kind) {
    case "vendored":
      await checkVendored(dependency, options.chartFolder);
      return { locked: { name, version, repository: "" } };
    case "folder": {
      const chart = await loadChart(source.path);
      checkFits(chart.metadata.version, dependency);
      const { fileName, bytes } = packageChart(chart, options.archiveTime);
      return { locked: lock(chart.metadata.version), file: { fileName, bytes } };
    }
    case "registry":
      return await fromRegistry(dependency, source.url, options);
    case "repository": {
      const { indexes, cache } = options;
      const wanted = { repository: source.url, name, version };
      const kept = keptChart(indexes.last(source), wanted, cache);
      const found = kept ?? findChart(await indexes.of(source), wanted);
      const own = entryAccess(source.entry, options.access);
      const remote = await fetchFound(found, { url: source.url, access: own }, options.around);
      return { locked: lock(found.version), file: checked(remote, name) };
    }
  }
}

async function fromRegistry(dependency: Dependency, url: string, options: FetchOptions): Promise<FetchedDependency> {
  const { name, version = "", repository = "" } = dependency;
  const { home, cache, network } = options.around;
  const reference = parseReference(`${url.replace(/\/+$/, "")}/${name}`);
  const pulled = await pullChart(reference, version, { access: withoutToken(options.access), home, cache, network });
  const { tag } = pulled.reference;
  const file = checked({ ...pulled, origin: `${url}/${name}` }, name);
  return { locked: { name, version: tag === undefined ? version : fromTag(tag), repository }, file };
}

// What is put into charts/ has to be a chart: else the next command fails, far from the cause.
function checked(remote: Omit<RemoteChart, "kind">, name: string): NonNullable<FetchedDependency["file"]> {
  const { fileName, bytes, provenance, origin } = remote;
  const found = loadPackedChart(bytes, origin).metadata.name;
  if (found === name) return { fileName, bytes, provenance };
  throw new SlipwayError("CHART_INVALID", `The repository's archive of "${name}" holds the chart "${found}"`);
}

async function checkVendored(dependency: Dependency, chartFolder: string): Promise<void> {
  const path = join(chartFolder, "charts", dependency.name);
  if (!existsSync(path)) {
    throw new SlipwayError(
      "CHART_NOT_FOUND",
      `The dependency "${dependency.name}" names no repository, and there is no folder "${path}"`,
      {
        where: join(chartFolder, "Chart.yaml"),
      },
    );
  }
  const { metadata } = await loadChart(path);
  checkFits(metadata.version, dependency);
}

function checkFits(version: string, { name, version: wanted = "" }: Dependency): void {
  if (satisfies(parseVersion(version), readConstraint(wanted))) return;
  throw new SlipwayError(
    "CHART_NOT_FOUND",
    `The dependency "${name}" is there in version ${version}, which is not ${wanted}`,
  );
}
