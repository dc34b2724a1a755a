import { helmDifferences } from "../base/helm-differences.ts";
import type { HelmVersion } from "../base/helm-version.ts";

/** The documents of a rendered file, empty ones left out. */
export function splitManifests(text: string, helm: HelmVersion): string[] {
  return helmDifferences[helm].cutsAtGluedSeparators ? splitAsHelm4(text) : splitAsHelm3(text);
}

// Cuts at every line that begins with `---`, even where text follows at once.
function splitAsHelm4(text: string): string[] {
  const documents: string[] = [];
  for (const part of cut(trimStart(text), " \t")) {
    const document = trimStart(part);
    if (document !== "") documents.push(document);
  }
  return documents;
}

// A separator takes all blanks around it along, and with them the line break that the next one would need.
function splitAsHelm3(text: string): string[] {
  const documents: string[] = [];
  for (const part of cut(trim(text), narrowBlanks)) {
    const end = endWithout(part, narrowBlanks);
    // What holds other blanks only, such as a no-break space, counts as a document.
    if (end > 0) documents.push(trim(part.slice(0, end)));
  }
  return documents;
}

function cut(text: string, blanks: string): string[] {
  const parts: string[] = [];
  let from = 0;
  let at = text.startsWith("---") ? 0 : nextSeparator(text, 0);
  while (at >= 0) {
    parts.push(text.slice(from, at));
    from = at + 3;
    while (from < text.length && blanks.includes(text[from] ?? "")) from++;
    at = nextSeparator(text, from);
  }
  parts.push(text.slice(from));
  return parts;
}

function nextSeparator(text: string, from: number): number {
  const newline = text.indexOf("\n---", from);
  return newline < 0 ? -1 : newline + 1;
}

/** `\s` of Go's regular expressions, and all that Go takes for a space. */
const narrowBlanks = "\t\n\f\r ";
const wideBlanks = `${narrowBlanks}\v\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000`;

export function isBlank(text: string): boolean {
  return trimStart(text) === "";
}

/** Go's `strings.TrimSpace`. */
export function trim(text: string): string {
  return trimStart(text.slice(0, endWithout(text, wideBlanks)));
}

function trimStart(text: string): string {
  let start = 0;
  while (start < text.length && wideBlanks.includes(text[start] ?? "")) start++;
  return start === 0 ? text : text.slice(start);
}

function endWithout(text: string, blanks: string): number {
  let end = text.length;
  while (end > 0 && blanks.includes(text[end - 1] ?? "")) end--;
  return end;
}
