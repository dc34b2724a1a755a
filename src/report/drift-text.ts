import type { DriftReport, ReleaseDrift } from "../deploy/drift/types.ts";
import type { ObjectDrift } from "../plan/drift/types.ts";
import {
  driftHeadline,
  fieldValues,
  fieldWriter,
  leftOutLine,
  objectName,
  objectState,
  releaseTitle,
  remark,
  toldReleases,
} from "./drift-words.ts";
import type { Color, Paint } from "./paint.ts";
import { oneLine } from "./plain-text.ts";

const maxLines = 1000;

/** The report for a terminal: how many releases drifted, then what differs, who changed it and when. */
export function driftLines(report: DriftReport, paint: Paint): string[] {
  const { releases } = report;
  const left = leftOutLine(releases);
  const { found, others } = toldReleases(report);
  return [
    paint(headColor(report), oneLine(driftHeadline(report))),
    ...found.flatMap((release) => ["", ...releaseLines(release, paint)]),
    ...(others.length > 0 ? ["", ...others.map((release) => remarkLine(release, paint))] : []),
    ...(left ? ["", paint("gray", left)] : []),
  ];
}

function headColor({ releases }: DriftReport): Color {
  const isIn = (...states: string[]) => releases.some(({ state }) => states.includes(state));
  return isIn("drifted", "failed") ? "red" : isIn("corrected", "skipped") ? "yellow" : "green";
}

export function remarkLine(release: ReleaseDrift, paint: Paint): string {
  return paint(release.reason ? "yellow" : "gray", oneLine(`${releaseTitle(release)}: ${remark(release)}`, 2000));
}

/** The same of one release, for a group in a log. */
export function releaseLines(release: ReleaseDrift, paint: Paint): string[] {
  const { error, reason, warnings, objects } = release;
  return [
    paint("bold", oneLine(releaseTitle(release))),
    ...(error ? [paint("red", `  ${oneLine(`failed: ${error.message}`, 2000)}`)] : []),
    ...(error?.hint ? [`  ${oneLine(error.hint, 2000)}`] : []),
    ...(reason ? [paint("yellow", `  skipped: ${oneLine(reason, 2000)}`)] : []),
    ...warnings.map((warning) => paint("yellow", `  ${oneLine(warning, 2000)}`)),
    ...boundedLines(objects, paint),
  ];
}

/** A release of which nearly everything differs is told in part: the data has it all. */
function boundedLines(objects: readonly ObjectDrift[], paint: Paint): string[] {
  const lines: string[] = [];
  for (const [index, object] of objects.entries()) {
    if (lines.length > maxLines) return [...lines, `  … and ${objects.length - index} more objects`];
    lines.push(...objectLines(object, paint));
  }
  return lines;
}

function objectLines(object: ObjectDrift, paint: Paint): string[] {
  const { kind, outcome, fields } = object;
  const color = outcome === "corrected" ? "green" : kind === "missing" ? "red" : "yellow";
  const sign = kind === "missing" ? "-" : "~";
  const state = objectState(object);
  return [
    paint(color, oneLine(`  ${sign} ${objectName(object)}${state ? ` ${state}` : ""}`, 2000)),
    ...fields.map((field) => {
      const who = fieldWriter(field);
      const by = who ? paint("gray", ` (${oneLine(who)})`) : "";
      return `      ${oneLine(field.path)}: ${oneLine(fieldValues(field), 2000)}${by}`;
    }),
  ];
}
