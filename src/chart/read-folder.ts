import { closeSync, fstatSync, openSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { SlipwayError } from "../base/error.ts";
import { type ChartBudget, chartLimits, spend } from "./budget.ts";
import { withoutByteOrderMark } from "./byte-order-mark.ts";
import { type IgnoreRules, parseIgnoreRules } from "./ignore-rules.ts";
import { laterFile } from "./later-file.ts";
import type { ChartFile } from "./types.ts";

/** The files of an unpacked chart in Helm's order: by name, folder by folder, without what `.helmignore` names. */
export function readFolder(folder: string, budget: ChartBudget): ChartFile[] {
  const root = resolve(folder);
  const walk: Walk = { root, boundary: undefined, ignores: readIgnoreRules(root), budget, files: [] };
  visitFolder(walk, root, "", []);
  return walk.files;
}

type Walk = {
  root: string;
  /** Where links may lead; found when the first link is met. */
  boundary: string | undefined;
  ignores: IgnoreRules;
  budget: ChartBudget;
  files: ChartFile[];
};

function readIgnoreRules(root: string): IgnoreRules {
  const file = join(root, ".helmignore");
  try {
    return parseIgnoreRules(readFileSync(file, "utf8"), file);
  } catch (error) {
    if (error instanceof SlipwayError) throw error;
    return parseIgnoreRules("", file);
  }
}

function visitFolder(walk: Walk, path: string, inside: string, linksAbove: string[]): void {
  if (inside.split("/").length > chartLimits.depth) throw invalid(walk, `"${inside}" lies too deep`);
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const name = inside === "" ? entry.name : `${inside}/${entry.name}`;
    const full = `${path}${sep}${entry.name}`;
    if (entry.isSymbolicLink()) visitLink(walk, full, name, linksAbove);
    else if (entry.isDirectory()) {
      if (!walk.ignores(name, true)) visitFolder(walk, full, name, linksAbove);
    } else if (!walk.ignores(name, false)) readOne(walk, full, name, entry);
  }
}

// Helm follows every link. Here one may not lead out of the repository that the chart lies in, so that a chart of
// somebody else can't carry a machine's files into a cluster.
function visitLink(walk: Walk, path: string, name: string, linksAbove: string[]): void {
  const target = resolveLink(walk, path, name);
  const stats = statSync(target);
  if (walk.ignores(name, stats.isDirectory())) return;
  walk.boundary ??= boundaryOf(walk.root);
  if (!isInside(walk.boundary, target)) {
    throw new SlipwayError("CHART_INVALID", `Cannot load chart "${walk.root}": the link "${name}" leads out of it`, {
      where: path,
      hint: `Links may lead to files under "${walk.boundary}". Copy the file into the chart, or package the chart first.`,
    });
  }
  if (linksAbove.includes(target)) throw invalid(walk, `the link "${name}" leads round in a circle`);
  if (stats.isDirectory()) visitFolder(walk, path, name, [...linksAbove, target]);
  else readOne(walk, path, name, stats);
}

function resolveLink(walk: Walk, path: string, name: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw invalid(walk, `the link "${name}" leads nowhere`, cause);
  }
}

/** The repository around the chart, or where there is none the folder beside which its siblings lie. */
function boundaryOf(root: string): string {
  const start = realpathSync(root);
  for (let folder = start; ; folder = dirname(folder)) {
    if (statSync(join(folder, ".git"), { throwIfNoEntry: false }) !== undefined) return folder;
    if (folder === dirname(folder)) break;
  }
  return dirname(start) === "/" ? start : dirname(start);
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !way.startsWith(sep);
}

// Definitions below crds/, which few ask for, are the most of many charts.
const largeBytes = 64 * 1024;

/** A large file is read when somebody asks for it: whether it can be is known before. */
function readOne(walk: Walk, path: string, name: string, kind: { isFile(): boolean }): void {
  if (!kind.isFile()) throw invalid(walk, `"${name}" is neither a file nor a folder`);
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    spend(walk.budget, size, walk.root);
    const bytes = size > largeBytes ? undefined : readBytes(walk, file, size);
    walk.files.push(bytes ? { name, data: bytes } : laterFile(name, () => readLater(walk, path, { name, size })));
  } finally {
    closeSync(file);
  }
}

function readLater(walk: Walk, path: string, { name, size }: { name: string; size: number }): Uint8Array {
  try {
    return readBytes(walk, path, size);
  } catch (cause) {
    if (cause instanceof SlipwayError) throw cause;
    throw invalid(walk, `"${name}" was there, and can't be read any more`, cause);
  }
}

function readBytes({ budget, root }: Walk, file: number | string, size: number): Uint8Array {
  const data = readFileSync(file);
  // It may have grown since it was measured.
  if (data.length > size) spend(budget, data.length - size, root);
  return withoutByteOrderMark(data);
}

function invalid(walk: Walk, why: string, cause?: unknown): SlipwayError {
  return new SlipwayError("CHART_INVALID", `Cannot load chart "${walk.root}": ${why}`, { cause });
}
