import { posix } from "node:path";
import { SlipwayError } from "../base/error.ts";
import { nodeZlib } from "../base/node-library.ts";
import { type ChartBudget, chartLimits, spend, tooLarge } from "./budget.ts";
import { withoutByteOrderMark } from "./byte-order-mark.ts";
import { readTar, type TarEntry } from "./tar.ts";
import type { ChartFile } from "./types.ts";

// Real charts shrink to a tenth or a twentieth; what is made to fill a memory, to a thousandth.
const mostRatio = 200;
const harmlessBytes = 16 * 1024 * 1024;

/** The files of a packaged chart, without its top folder's name. Refuses what could lie outside the chart. */
export function readArchive(bytes: Uint8Array, origin: string, budget: ChartBudget): ChartFile[] {
  const files: ChartFile[] = [];
  for (const entry of readTar(unzip(bytes, origin, budget))) {
    if (entry.isFolder) continue;
    spend(budget, entry.data.length, origin);
    const name = pathInChart(entry.name, origin);
    checkKind(entry, origin);
    files.push({ name, data: withoutByteOrderMark(entry.data) });
  }
  if (files.length === 0) throw invalid(origin, "the archive holds no files");
  return files;
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
}

// As in Helm a link in an archive is a file without content; one that leads out of the chart has no good reason.
function checkKind({ name, link, isSpecial }: TarEntry, origin: string): void {
  if (isSpecial) throw invalid(origin, `the archive holds "${name}", which is neither a file, a folder nor a link`);
  if (!link) return;
  const [top = ""] = name.split("/");
  const target = posix.normalize(link.startsWith(`${top}/`) ? link : posix.join(posix.dirname(name), link));
  if (link.startsWith("/") || /^[a-zA-Z]:|\\/.test(link) || !target.startsWith(`${top}/`)) {
    throw invalid(origin, `the archive holds the link "${name}", which leads out of the chart`);
  }
}

function unzip(bytes: Uint8Array, origin: string, budget: ChartBudget): Uint8Array {
  // Headers and padding come on top of the content: at most two blocks for each file.
  const mostBytes = budget.bytes + budget.files * 1024;
  const maxOutputLength = Math.min(mostBytes, Math.max(harmlessBytes, bytes.length * mostRatio));
  try {
    return nodeZlib().gunzipSync(bytes, { maxOutputLength });
  } catch (cause) {
    if (cause instanceof RangeError && maxOutputLength < mostBytes) {
      throw tooLarge(origin, `${mostRatio} times its archive`);
    }
    if (cause instanceof RangeError) throw tooLarge(origin, `${chartLimits.bytes / 1024 / 1024} MiB`);
    throw invalid(origin, "it is not a whole gzip file", cause);
  }
}

function pathInChart(name: string, origin: string): string {
  // Archives made on Windows may use its separator.
  const parts = name.split(name.includes("\\") ? "\\" : "/");
  if (parts[0] === "") throw invalid(origin, `the archive holds the absolute path "${name}"`);
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
