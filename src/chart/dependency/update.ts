import { lstatSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { mapConcurrently } from "../../base/concurrency.ts";
import { SlipwayError } from "../../base/error.ts";
import type { ChartSource, SourceContext } from "../chart-source.ts";
import { lockYaml } from "../chart-yaml.ts";
import { loadChart } from "../load-chart.ts";
import { sourceDate } from "../package/package-chart.ts";
import { type Surroundings, surroundings } from "../surroundings.ts";
import type { Chart, ChartLock, Dependency } from "../types.ts";
import { writeFileWhole } from "../write-file.ts";
import { type FetchedDependency, fetchDependency } from "./fetch-dependency.ts";
import { openIndexes } from "./indexes.ts";
import { type SourcedDependency, sourceDependencies } from "./known-sources.ts";
import { lockDigest, oldLockDigest } from "./lock-digest.ts";
import { writeCharts } from "./write-charts.ts";

export type DependencyOptions = {
  source: Pick<ChartSource, "access" | "verify" | "env" | "signal">;
  context?: SourceContext;
  skipRefresh?: boolean;
  /** Told what was fetched. */
  tell?: (line: string) => void;
};

/** Fetches every dependency in the newest version that fits, into `charts/`, and writes the lock file where it differs. */
export async function updateDependencies(chartFolder: string, options: DependencyOptions): Promise<void> {
  const chart = await loadUnpacked(chartFolder);
  const asked = chart.metadata.dependencies;
  if (asked === undefined) return;
  const around = surroundings(options.source, options.context ?? {});
  const sourced = sourceDependencies(asked, chartFolder, around.home.repositoryConfig);
  const fetched = await fetchAll(sourced, { chartFolder, around, options });
  await writeCharts(chartFolder, fetched);
  const locked = fetched.map((dependency) => dependency.locked);
  const digest = lockDigest(asked, locked);
  if (chart.lock?.digest === digest) return;
  writeLock(chartFolder, chart, { generated: new Date().toISOString(), digest, dependencies: locked });
}

/** Fetches into `charts/` what the lock file says; without one it is an update. */
export async function buildDependencies(chartFolder: string, options: DependencyOptions): Promise<void> {
  const chart = await loadUnpacked(chartFolder);
  const { lock } = chart;
  if (lock === undefined) {
    await updateDependencies(chartFolder, options);
    return;
  }
  const around = surroundings(options.source, options.context ?? {});
  checkLock(chart, lock, { chartFolder, around });
  const sourced = sourceDependencies(lock.dependencies, chartFolder, around.home.repositoryConfig);
  await writeCharts(chartFolder, await fetchAll(sourced, { chartFolder, around, options }));
}

type Fetching = { chartFolder: string; around: Surroundings; options: DependencyOptions };

async function fetchAll(sourced: readonly SourcedDependency[], fetching: Fetching): Promise<FetchedDependency[]> {
  const { chartFolder, around, options } = fetching;
  const { source, skipRefresh = false, tell = () => {} } = options;
  const access = source.access ?? {};
  const indexes = openIndexes(around, { skipRefresh, access });
  const archiveTime = sourceDate(source.env);
  return await mapConcurrently(sourced, 4, async (one) => {
    const fetched = await fetchDependency(one, {
      chartFolder,
      around,
      access,
      indexes,
      archiveTime,
      cache: around.cache,
    });
    await verify(fetched, source);
    const { name, version, repository } = fetched.locked;
    tell(`${name} ${version} ${repository === "" ? "lies in charts/" : `from ${repository}`}`);
    return fetched;
  });
}

async function verify({ file }: FetchedDependency, { verify: wanted }: DependencyOptions["source"]): Promise<void> {
  // What is packed here from a folder has no signature to check.
  if (wanted === undefined || file?.provenance === undefined) return;
  const { verifyBytes } = await import("../provenance/verify-chart.ts");
  await verifyBytes(file.bytes, await file.provenance(), { fileName: file.fileName, keyring: wanted.keyring });
}

/** Throws where the lock file was made for other dependencies than the chart now has. */
function checkLock(
  { metadata }: Chart,
  lock: ChartLock,
  { chartFolder, around }: Pick<Fetching, "chartFolder" | "around">,
): void {
  const asked: Dependency[] = metadata.dependencies ?? [];
  // Helm 2 took the digest of what is written, before names became addresses.
  const old = metadata.apiVersion === "v1" ? oldLockDigest(asked) : undefined;
  sourceDependencies(asked, chartFolder, around.home.repositoryConfig);
  if (lock.digest === lockDigest(asked, lock.dependencies) || (old !== undefined && lock.digest === old)) return;
  const [file, source] = lockNames(metadata.apiVersion);
  throw new SlipwayError("CHART_INVALID", `The lock file ${file} is out of sync with the dependencies in ${source}`, {
    where: join(chartFolder, file),
    hint: `Make it again with \`slipway dependency update ${chartFolder}\`.`,
  });
}

async function loadUnpacked(chartFolder: string): Promise<Chart> {
  if (statSync(chartFolder, { throwIfNoEntry: false })?.isFile()) {
    throw new SlipwayError("INPUT_INVALID", `"${chartFolder}" is not a folder`, {
      hint: "Only the dependencies of an unpacked chart can be changed.",
    });
  }
  return await loadChart(chartFolder);
}

function writeLock(chartFolder: string, { metadata }: Chart, lock: ChartLock): void {
  const path = join(chartFolder, lockNames(metadata.apiVersion)[0]);
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new SlipwayError("CHART_INVALID", `The lock file "${path}" is a link to "${readlinkSync(path)}"`, {
      hint: "It is not written, so that no file outside the chart is changed.",
    });
  }
  writeFileWhole(path, lockYaml(lock));
}

function lockNames(apiVersion: string): [lock: string, source: string] {
  return apiVersion === "v1" ? ["requirements.lock", "requirements.yaml"] : ["Chart.lock", "Chart.yaml"];
}
