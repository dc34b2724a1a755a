import type { Swept } from "../deploy/preview/sweep.ts";
import { fenced, markdownCode, markdownText, table } from "./markdown.ts";
import { oneLine } from "./plain-text.ts";

type Outcome = Swept["outcome"];

const words: Readonly<Record<Outcome, string>> = {
  removed: "removed",
  "would-remove": "would be removed",
  kept: "stays",
  held: "does not go",
  failed: "could not be removed",
  foreign: "is left alone",
  unknown: "stays",
};
const marks: Readonly<Record<Outcome, string>> = {
  removed: "🧹",
  "would-remove": "🧹",
  kept: "✅",
  held: "❌",
  failed: "❌",
  foreign: "⚠️",
  unknown: "⚠️",
};
const mostRows = 200;

/** What became of each preview, a line each, and a last one that counts them. */
export function sweptLines(swept: readonly Swept[]): string[] {
  const lines = swept.flatMap(({ namespace, preview, outcome, why, detail }) => {
    const line = `${namespace}${preview ? ` (${preview})` : ""} ${words[outcome]}: ${why}`;
    return [oneLine(line, 2000), ...(detail ?? "").split("\n").flatMap((text) => (text ? [`  ${oneLine(text)}`] : []))];
  });
  return [...lines, sweptTitle(swept)];
}

/** `2 of 5 previews removed`. */
export function sweptTitle(swept: readonly Swept[]): string {
  if (swept.length === 0) return "There are no previews";
  const isPlanned = swept.some(({ outcome }) => outcome === "would-remove");
  const removed = swept.filter(({ outcome }) => outcome === (isPlanned ? "would-remove" : "removed")).length;
  const stuck = swept.filter(({ outcome }) => outcome === "held" || outcome === "failed").length;
  const count = `${removed} of ${swept.length} ${swept.length === 1 ? "preview" : "previews"}`;
  const trouble = stuck > 0 ? `; ${stuck} could not be` : "";
  return `${count} ${isPlanned ? "would be removed" : "removed"}${trouble}`;
}

/** The same as Markdown. */
export function sweptMarkdown(swept: readonly Swept[]): string {
  const isStuck = swept.some(({ outcome }) => outcome === "held" || outcome === "failed");
  const rows = swept
    .slice(0, mostRows)
    .map(({ namespace, preview, outcome, why }) => [
      marks[outcome],
      markdownCode(namespace),
      markdownText(preview),
      `${words[outcome]}: ${markdownText(why, 1000)}`,
    ]);
  const more = swept.length > mostRows ? `\n\n… and ${swept.length - mostRows} more` : "";
  const list = rows.length === 0 ? "" : `${table(["", "Namespace", "Preview", "What became of it"], rows)}${more}\n\n`;
  const details = swept.flatMap(({ namespace, outcome, detail }) =>
    detail && (outcome === "held" || outcome === "failed") ? [`${namespace}:`, ...detail.split("\n")] : [],
  );
  const evidence =
    details.length === 0 ? "" : `${fenced(details.slice(0, 100).map((line) => line.slice(0, 1000)))}\n\n`;
  return `### ${isStuck ? "❌" : "✅"} ${sweptTitle(swept)}\n\n${list}${evidence}`;
}
