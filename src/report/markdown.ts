import { plainText } from "./plain-text.ts";

/**
 * Untrusted text as Markdown that shows it and does nothing else: no markup, no HTML, no link, no table cell that ends
 * early. On one line of at most `max` characters. GitHub finds mentions and references in what Markdown has become, where
 * nothing is escaped any more: a gap that is not seen ends them.
 */
export function markdownText(text: string, max = 500): string {
  const line = plainText(text.replace(/\s*\r?\n\s*/g, " ")).trim();
  const clipped = line.length > max ? `${sliceWhole(line, max - 1)}…` : line;
  return clipped
    .replace(/[\\`*_[\]#|~]/g, "\\$&")
    .replace(/^(?:[+-]|\d+(?=[.)]))/, listMarker)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/\$/g, "&#36;")
    .replace(/@(?!sha256:)|(?<!\w)@/g, `&#64;${gap}`)
    .replace(/\\#(?=\d)/g, `$&${gap}`)
    .replace(/\bGH-(?=\d)/gi, `$&${gap}`)
    .replace(/:\/\//g, "&#58;//")
    .replace(/\bwww\./gi, (www) => `${www.slice(0, -1)}&#46;`);
}

const gap = "\u200b";

function listMarker(marker: string): string {
  return /\d/.test(marker) ? `${marker}${gap}` : `\\${marker}`;
}

/** Untrusted text as inline code. */
export function markdownCode(text: string, max = 500): string {
  return `<code>${markdownText(text, max)}</code>`;
}

/** Lines in a fence that none of them can close. */
export function fenced(lines: readonly string[], language = ""): string {
  const plain = lines.map(plainText);
  const longest = Math.max(2, ...plain.map((line) => longestRun(line)));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${plain.join("\n")}\n${fence}`;
}

function longestRun(line: string): number {
  return Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
}

/** A table; its cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

// Half a surrogate pair is no character.
function sliceWhole(text: string, end: number): string {
  const cut = text.slice(0, end);
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}
