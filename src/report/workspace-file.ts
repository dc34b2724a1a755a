import { readFileSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import type { FilePlace, LocateFile } from "./annotation.ts";
import { fieldLine } from "./field-line.ts";
import { plainText } from "./plain-text.ts";

type Workspace = {
  /** The folder that the repository was checked out to. */
  root: string;
  /** From where paths are meant. */
  cwd: string;
  /** The chart's folder, where it has one. */
  chart?: string | undefined;
};

const mostBytes = 1024 * 1024;

/** Finds the files of a workspace that errors and hazards are about. None outside of it is ever named or read. */
export function workspaceFiles({ root, cwd, chart }: Workspace): LocateFile {
  return ({ where, kind, field }) => {
    const { path, line, column } = placeIn(where);
    const file = [...inChart(path, chart), path].map((one) => fileAt(resolve(cwd, one), root)).find(Boolean);
    if (file === undefined) return undefined;
    if (line !== undefined) return { file, line, ...(column !== undefined && { column }) };
    const found = kind && field ? lineOf(join(root, file), kind, field) : undefined;
    return { file, line: found ?? 1 };
  };
}

/** `path:3:7`, `path (line 3, column 7 of what it renders to)`, `Job shop/migrate (path)`, or a path. */
function placeIn(where: string): Omit<FilePlace, "file"> & { path: string } {
  const [, path, line, column] = /^(.+?):(\d+)(?::(\d+))?$/s.exec(where) ?? [];
  if (path !== undefined) return { path, line: Number(line), ...(column !== undefined && { column: Number(column) }) };
  const [, within] = /^\w+ \S+ \(([^()]+)\)$/.exec(where) ?? [];
  return { path: within ?? where.replace(/ \(line \d+, column \d+ [^()]*\)$/, "") };
}

// Templates go by the chart's name, whatever its folder is called.
function inChart(path: string, chart: string | undefined): string[] {
  const [, inside] = /^[^/]+\/((?:charts\/[^/]+\/)*(?:templates|crds)\/.+)$/s.exec(path) ?? [];
  return inside === undefined || chart === undefined ? [] : [join(chart, inside)];
}

function fileAt(path: string, root: string): string | undefined {
  try {
    const file = relative(realpathSync(root), realpathSync(path));
    const isInside = file !== "" && !isAbsolute(file) && file.split(sep)[0] !== "..";
    const isPlain = plainText(file) === file && !file.includes("\n");
    return isInside && isPlain && statSync(path).isFile() ? file.split(sep).join("/") : undefined;
  } catch {
    return undefined;
  }
}

function lineOf(path: string, kind: string, field: string): number | undefined {
  return statSync(path).size > mostBytes ? undefined : fieldLine(readFileSync(path, "utf8"), kind, field);
}
