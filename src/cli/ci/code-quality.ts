import { writeFileSync } from "node:fs";
import { SlipwayError } from "../../base/error.ts";
import { sha256OfParts } from "../../base/sha256.ts";
import type { Annotation } from "../../report/annotation.ts";

const severities = { error: "major", warning: "minor", notice: "info" } as const;

/** What is wrong with which file, as GitLab's report of code quality; what is about no file is not in it. */
export function codeQuality(annotations: readonly Annotation[]): string {
  const entries = annotations.flatMap(({ title, message, level = "error", place }) => {
    if (place === undefined) return [];
    const description = `${title}: ${message.split("\n").map(sentence).join(" ")}`;
    const fingerprint = sha256OfParts(place.file, title, message);
    const location = { path: place.file, lines: { begin: place.line ?? 1 } };
    return [{ description, check_name: "slipway", fingerprint, severity: severities[level], location }];
  });
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}

export function writeCodeQuality(path: string, annotations: readonly Annotation[]): void {
  try {
    writeFileSync(path, codeQuality(annotations));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SlipwayError("INPUT_INVALID", `The report of --code-quality can't be written: ${reason}`, { cause });
  }
}

function sentence(line: string): string {
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
