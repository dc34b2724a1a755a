import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { SlipwayError } from "../base/error.ts";
import { type TemplateOutputOptions, templateDocuments } from "../render/template-output.ts";
import type { Rendered } from "../render/types.ts";
import type { Terminal } from "./command.ts";

export type OutputFolder = {
  folder: string;
  /** The release's name, where its objects are to lie in a folder of that name; definitions never do. */
  release?: string;
};

/** Writes each template's documents into a file of its own, and says so for each document, as Helm does. */
export function writeDocuments(
  rendered: Rendered,
  { folder, release }: OutputFolder,
  options: TemplateOutputOptions,
  out: Terminal["out"],
): void {
  const files = new Map<string, string>();
  for (const { path, text, isCrd } of templateDocuments(rendered, options)) {
    const below = release !== undefined && !isCrd ? join(folder, release) : folder;
    const target = targetIn(below, path);
    files.set(target, (files.get(target) ?? "") + text);
    out.write(`wrote ${below}${sep}${path}\n`);
  }
  for (const [target, text] of files) {
    mkdirSync(dirname(target), { recursive: true });
    rmSync(target, { force: true });
    writeFileSync(target, text);
  }
}

// A template's path is the chart's to choose: it must not lead out of the folder.
function targetIn(folder: string, path: string): string {
  const root = resolve(folder);
  const target = resolve(join(root, path));
  if (target.startsWith(root + sep)) return target;
  throw new SlipwayError("CHART_INVALID", `The template ${path} leads out of ${folder}`);
}
