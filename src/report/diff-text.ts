import { describeRef } from "../kube/ref.ts";
import { pathText } from "../plan/list-items.ts";
import { withoutSecretValues, withoutServerFields } from "../plan/operations.ts";
import type { Change, PlannedHook } from "../plan/types.ts";
import { signs } from "./changes-text.ts";
import type { Paint } from "./paint.ts";
import { oneLine, plainText } from "./plain-text.ts";
import { type DiffLine, diffYaml } from "./yaml-diff.ts";

const contextLines = 3;

/** One object of a plan for a person: what happens to it, and the lines of its YAML that change. */
export function diffLines(change: Change, paint: Paint): string[] {
  const { action, ref, reason } = change;
  if (action === "nothing") return [];
  const { sign, color, word } = signs[action];
  const note = reason ? `: ${oneLine(reason, 2000)}` : "";
  const head = paint(color, `${sign} ${oneLine(describeRef(ref))}: ${word}${note}`);
  return [head, ...bodyLines(change, paint)];
}

/** A hook that would run, and what is new in it since the last revision. */
export function hookLines({ event, change }: PlannedHook, paint: Paint): string[] {
  const news = { create: " (new)", nothing: "" }[change.action as string] ?? " (changed)";
  const head = paint("cyan", `> ${oneLine(describeRef(change.ref))}: ${event} hook runs${news}`);
  return change.action === "nothing" ? [head] : [head, ...bodyLines(change, paint)];
}

function bodyLines({ action, live, after, desired }: Change, paint: Paint): string[] {
  if (action === "delete" || action === "keep") return [];
  const next = after ?? desired;
  if (next === undefined) return [];
  const before = action === "create" || live === undefined ? undefined : withoutServerFields(withoutSecretValues(live));
  const lines = diffYaml(before, withoutServerFields(withoutSecretValues(next, live)));
  return hunksOf(lines).flatMap(({ place, hunk }) => [
    ...(place === undefined ? [] : [paint("gray", `    … ${oneLine(place)}`.trimEnd())]),
    ...hunk.map((line) => colored(line, paint)),
  ]);
}

type Hunk = { place?: string; hunk: DiffLine[] };

/** The lines that change, with those around them; `place` says where a hunk lies that does not begin with it. */
function hunksOf(lines: DiffLine[]): Hunk[] {
  const near = new Set<number>();
  for (const [index, { sign }] of lines.entries()) {
    if (sign === " ") continue;
    for (let at = index - contextLines; at <= index + contextLines; at++) near.add(at);
  }
  const hunks: DiffLine[][] = [];
  for (const [index, line] of lines.entries()) {
    if (!near.has(index)) continue;
    if (index === 0 || !near.has(index - 1)) hunks.push([]);
    hunks.at(-1)?.push(line);
  }
  return hunks.map((hunk, index) => ({ hunk, ...placeOf(hunk, index === 0) }));
}

function placeOf(hunk: DiffLine[], isFirst: boolean): { place?: string } {
  const change = hunk.findIndex(({ sign }) => sign !== " ");
  const path = hunk[change]?.path ?? [];
  const isShown = path.length === 0 || hunk.slice(0, change).some((line) => line.path.length === 0);
  if (isShown) return isFirst ? {} : { place: "" };
  return { place: pathText(path) };
}

function colored({ sign, text }: DiffLine, paint: Paint): string {
  const line = `    ${plainText(`${sign}${text}`)}`;
  if (sign === "+") return paint("green", line);
  return sign === "-" ? paint("red", line) : line;
}
