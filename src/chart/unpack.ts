import { lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { SlipwayError } from "../base/error.ts";
import { newBudget } from "./budget.ts";
import { loadPackedChart } from "./load-chart.ts";
import { readArchive } from "./read-archive.ts";

/** Unpacks a chart into a new folder of its own name; returns that folder. Nothing is written outside it, or over anything. */
export function unpackChart(bytes: Buffer, origin: string, into: string): string {
  const { name } = loadPackedChart(bytes, origin).metadata;
  const folder = resolve(join(into, name));
  if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) {
    throw new SlipwayError("INPUT_INVALID", `Cannot unpack into "${folder}": it is there already`, { where: folder });
  }
  const seen = new Set<string>();
  const files = readArchive(bytes, origin, newBudget()).map(({ name: path, data }) => {
    const target = resolve(join(folder, path));
    if (!target.startsWith(folder + sep)) throw invalid(origin, `"${path}" leads out of the chart`);
    if (seen.has(target)) throw invalid(origin, `it holds "${path}" twice`);
    seen.add(target);
    return { target, path, data };
  });
  for (const { target, path } of files) {
    for (let above = dirname(target); above.length > folder.length; above = dirname(above)) {
      if (seen.has(above)) throw invalid(origin, `"${path}" lies below what is a file`);
    }
  }
  mkdirSync(dirname(folder), { recursive: true });
  mkdirSync(folder);
  for (const { target, data } of files) {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, data, { flag: "wx" });
  }
  return folder;
}

function invalid(origin: string, why: string): SlipwayError {
  return new SlipwayError("CHART_INVALID", `Cannot unpack "${origin}": ${why}`);
}
