import { lstatSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { hasCode, SlipwayError } from "../../base/error.ts";
import { loadChart } from "../load-chart.ts";
import { writeFileWhole } from "../write-file.ts";
import type { FetchedDependency } from "./fetch-dependency.ts";

/** Writes what was fetched into `charts/` and takes away the archives that nothing asks for any more. */
export async function writeCharts(chartFolder: string, fetched: readonly FetchedDependency[]): Promise<void> {
  const folder = join(chartFolder, "charts");
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isDirectory()) {
    throw new SlipwayError("CHART_INVALID", `"${folder}" is not a folder`, { where: folder });
  }
  mkdirSync(folder, { recursive: true });
  const before = readdirSync(folder, { withFileTypes: true });
  const written = new Set<string>();
  for (const { file } of fetched) {
    if (file === undefined) continue;
    checkFileName(file.fileName);
    writeFileWhole(join(folder, file.fileName), file.bytes);
    written.add(file.fileName);
  }
  const vendored = new Set(fetched.filter(({ file }) => file === undefined).map(({ locked }) => locked.name));
  for (const entry of before) {
    if (entry.isDirectory() || written.has(entry.name)) continue;
    if (await isOutdated(join(folder, entry.name), vendored)) rmSync(join(folder, entry.name));
  }
}

// As in Helm, only what is a chart is taken away, and none that lies there on purpose.
async function isOutdated(path: string, vendored: ReadonlySet<string>): Promise<boolean> {
  try {
    const { metadata } = await loadChart(path);
    return !vendored.has(metadata.name);
  } catch (error) {
    if (hasCode(error, "CHART_INVALID", "CHART_LIMIT", "YAML_INVALID", "VALUES_INVALID")) return false;
    throw error;
  }
}

// The name comes from an index.
function checkFileName(name: string): void {
  if (/^[^/\\\0]+$/.test(name) && name !== "." && name !== "..") return;
  throw new SlipwayError("CHART_INVALID", `"${name}" can't be the name of a chart's archive`);
}
