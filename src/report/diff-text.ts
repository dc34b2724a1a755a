import { structuredPatch } from "diff";
import { writeYamlPlain } from "../base/yaml/write.ts";
import { describeRef } from "../kube/ref.ts";
import { withoutSecretValues, withoutServerFields } from "../plan/operations.ts";
import type { Change } from "../plan/types.ts";
import { signs } from "./changes-text.ts";
import type { Paint } from "./paint.ts";
import { oneLine, plainText } from "./plain-text.ts";

const contextLines = 3;

/** One object of a plan for a person: what happens to it, and the lines of its YAML that change. */
export function diffLines(change: Change, paint: Paint): string[] {
  const { action, ref, reason } = change;
  if (action === "nothing") return [];
  const { sign, color, word } = signs[action];
  const note = reason ? `: ${reason}` : "";
  const head = paint(color, `${sign} ${oneLine(describeRef(ref))}: ${word}${note}`);
  return [head, ...bodyLines(change, paint)];
}

function bodyLines({ action, live, after, desired }: Change, paint: Paint): string[] {
  if (action === "delete" || action === "keep") return [];
  const next = after ?? desired;
  if (next === undefined) return [];
  const [before, then] = [yamlOf(action === "create" ? undefined : live), yamlOf(next, live)];
  const { hunks } = structuredPatch("", "", before, then, "", "", { context: contextLines });
  return hunks.flatMap((hunk, index) => [
    ...(index > 0 ? [paint("gray", "    …")] : []),
    ...hunk.lines.map((line) => colored(line, paint)),
  ]);
}

function yamlOf(object: Change["live"], other?: Change["live"]): string {
  return object === undefined ? "" : writeYamlPlain(withoutServerFields(withoutSecretValues(object, other)));
}

function colored(line: string, paint: Paint): string {
  const text = `    ${plainText(line)}`;
  if (line.startsWith("+")) return paint("green", text);
  return line.startsWith("-") ? paint("red", text) : text;
}
