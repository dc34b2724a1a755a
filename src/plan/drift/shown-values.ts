import type { Difference, FieldDrift } from "./types.ts";

const maxCharacters = 300;
const secretMarks = new Set<unknown>(["(hidden)", "(changed)"]);

/** Both sides as short texts, JSON but where they are cut; of texts with lines only the first that differs. */
export function shownValues({ recorded, live }: Difference): Pick<FieldDrift, "recorded" | "live"> {
  if (isLong(recorded) && isLong(live)) return firstLine(recorded, live);
  return {
    ...(recorded !== undefined && { recorded: shown(recorded) }),
    ...(live !== undefined && { live: shown(live) }),
  };
}

function isLong(value: unknown): value is string {
  return typeof value === "string" && value.includes("\n");
}

function firstLine(recorded: string, live: string): { recorded: string; live: string } {
  const [then, now] = [recorded.split("\n"), live.split("\n")];
  const at = then.findIndex((line, index) => line !== now[index]);
  const line = at < 0 ? then.length : at;
  const text = (lines: string[]) => (lines[line] === undefined ? "none" : shown(lines[line]));
  return { recorded: `line ${line + 1}: ${text(then)}`, live: `line ${line + 1}: ${text(now)}` };
}

function shown(value: unknown): string {
  if (secretMarks.has(value)) return "(hidden)";
  const text = JSON.stringify(value) ?? "";
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters - 1)}…` : text;
}
