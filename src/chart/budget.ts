import { SlipwayError } from "../base/error.ts";

/** What a chart may hold, its subcharts' archives included. The size is Helm's own limit. */
export const chartLimits = { bytes: 100 * 1024 * 1024, files: 50_000, depth: 32 } as const;

/** What loading one chart may still use, its subcharts included. */
export type ChartBudget = { bytes: number; files: number };

export function newBudget(): ChartBudget {
  return { bytes: chartLimits.bytes, files: chartLimits.files };
}

/** Throws CHART_LIMIT where the chart at `origin` becomes larger than a chart may be. */
export function spend(budget: ChartBudget, bytes: number, origin: string): void {
  budget.bytes -= bytes;
  budget.files -= 1;
  if (budget.bytes < 0) throw tooLarge(origin, `${chartLimits.bytes / 1024 / 1024} MiB`);
  if (budget.files < 0) throw tooLarge(origin, `${chartLimits.files} files`);
}

export function tooLarge(origin: string, limit: string): SlipwayError {
  return new SlipwayError("CHART_LIMIT", `Cannot load chart "${origin}": it is larger than ${limit}`, {
    hint: "Leave out what the chart doesn't need, for example with a .helmignore file.",
  });
}
