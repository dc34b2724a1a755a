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
  const files = readArchive(bytes, origin, newBudget()).map(({ name: path, data }) => {
    const target = resolve(join(folder, path));
    if (target.startsWith(folder + sep)) return { target, data };
    throw new SlipwayError("CHART_INVALID", `Cannot unpack "${origin}": "${path}" leads out of the chart`);
  });
  mkdirSync(dirname(folder), { recursive: true });
  mkdirSync(folder);
  for (const { target, data } of files) {
    mkdirSync(dirname(target), { recursive: true });
    // `wx`: a name that comes twice must not be a way to write through something that the first made.
    writeFileSync(target, data, { flag: "wx" });
  }
  return folder;
}
