import { posix } from "node:path";
import { gunzipSync } from "node:zlib";
import { SlipwayError } from "../base/error.ts";
import { type ChartBudget, chartLimits, spend, tooLarge } from "./budget.ts";
import { withoutByteOrderMark } from "./byte-order-mark.ts";
import { readTar } from "./tar.ts";
import type { ChartFile } from "./types.ts";

/** The files of a packaged chart, without its top folder's name. Refuses what could lie outside the chart. */
export function readArchive(bytes: Uint8Array, origin: string, budget: ChartBudget): ChartFile[] {
  const files: ChartFile[] = [];
  for (const entry of readTar(unzip(bytes, origin, budget))) {
    if (entry.isFolder) continue;
    spend(budget, entry.data.length, origin);
    files.push({ name: pathInChart(entry.name, origin), data: withoutByteOrderMark(entry.data) });
  }
  if (files.length === 0) throw invalid(origin, "the archive holds no files");
  return files;
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
}

function unzip(bytes: Uint8Array, origin: string, budget: ChartBudget): Uint8Array {
  // Headers and padding come on top of the content: at most two blocks for each file.
  const maxOutputLength = budget.bytes + budget.files * 1024;
  try {
    return gunzipSync(bytes, { maxOutputLength });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(origin, `${chartLimits.bytes / 1024 / 1024} MiB`);
    throw invalid(origin, "it is not a whole gzip file", cause);
  }
}

function pathInChart(name: string, origin: string): string {
  // Archives made on Windows may use its separator.
  const parts = name.split(name.includes("\\") ? "\\" : "/");
  if (parts[0] === "Chart.yaml") throw invalid(origin, "Chart.yaml is not inside a folder of the archive");
  const path = parts.slice(1).join("/");
  if (path.startsWith("/")) throw invalid(origin, `the archive holds the absolute path "${name}"`);
  const clean = posix.normalize(path === "" ? "." : path);
  if (clean === ".") throw invalid(origin, `the archive holds "${name}", which is outside the chart's folder`);
  if (clean.startsWith("..")) throw invalid(origin, `the archive holds "${name}", which leads out of the chart`);
  if (/^[a-zA-Z]:\//.test(clean) || clean.includes("\0")) {
    throw invalid(origin, `the archive holds the illegal path "${name}"`);
  }
  return clean;
}

function invalid(origin: string, why: string, cause?: unknown): SlipwayError {
  return new SlipwayError("CHART_INVALID", `Cannot load chart "${origin}": ${why}`, { cause });
}
