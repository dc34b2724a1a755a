import { writeYamlPlain } from "../base/yaml/write.ts";
import { oneLine } from "../report/plain-text.ts";

export type OutputForm = "table" | "json" | "yaml";

/** The value as JSON or YAML, or the rows below their heads. */
export function format(
  form: string | undefined,
  value: unknown,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  if (form === "json") return `${JSON.stringify(value, undefined, 2)}\n`;
  if (form === "yaml") return writeYamlPlain(value);
  return table(heads, rows);
}

/** Columns as wide as their widest cell, without heads where none are given; cells come from the cluster, so they are made one plain line each. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => oneLine(cell, 200)));
  const lines = heads.length > 0 ? [heads, ...cells] : cells;
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

/** `2026-05-01 12:00:05`, in UTC. */
export function shortTime(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : new Date(at).toISOString().slice(0, 19).replace("T", " ");
}
