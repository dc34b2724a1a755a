import type { EntryText, Section } from "./index-section.ts";

type Bounds = { start: number; end: number };

/** The bytes of one member of a map: its name, and its value. */
type Member = { name: string } & Bounds;

/** The places of an index in JSON; what is in them is not read. `undefined` for what is no map. */
export function skimJsonIndex(index: Buffer): { hasVersion: boolean; entries: Bounds | undefined } | undefined {
  try {
    const start = skipBlanks(index, 0);
    const members = [...membersOf(index, start)];
    const end = skipBlanks(index, members.at(-1)?.end ?? start + 1);
    // What else there is may be YAML, a remark for one.
    if (skipBlanks(index, end + 1) < index.length) return undefined;
    const last = (name: string) => members.findLast((member) => member.name === name);
    const version = last("apiVersion");
    const hasVersion = version !== undefined && version.end - version.start > 2 && index[version.start] === quote;
    return { hasVersion, entries: last("entries") };
  } catch (error) {
    if (error instanceof NotJson) return undefined;
    throw error;
  }
}

/** Every chart of an index in JSON, as `sectionsOf` gives those of one in YAML. */
export function* jsonSectionsOf(index: Buffer): Generator<Section | undefined, void> {
  const entries = skimJsonIndex(index)?.entries;
  if (entries === undefined || index[entries.start] !== brace) return yield undefined;
  for (const { name, start } of membersOf(index, entries.start)) {
    const items = index[start] === bracket ? itemsOf(index, start) : undefined;
    yield items && { name, items };
    if (items === undefined) return;
  }
}

/** The bytes have been skimmed, so that only what is inside a text or a number can still be wrong. */
function itemsOf(index: Buffer, start: number): EntryText[] | undefined {
  const items: EntryText[] = [];
  for (const bounds of elementsOf(index, start)) {
    const text = index.toString("utf8", bounds.start, bounds.end);
    const version = versionIn(text);
    if (version === undefined) return undefined;
    items.push({ version, text });
  }
  return items;
}

function versionIn(text: string): string | undefined {
  try {
    const entry: unknown = JSON.parse(text);
    const version = typeof entry === "object" && entry !== null && "version" in entry ? entry.version : undefined;
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}

const [brace, braceEnd, bracket, bracketEnd, quote, backslash, comma, colon] = Buffer.from('{}[]"\\,:') as unknown as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

class NotJson extends Error {}

function* membersOf(index: Buffer, open: number): Generator<Member> {
  if (index[open] !== brace) throw new NotJson();
  let at = skipBlanks(index, open + 1);
  while (index[at] !== braceEnd) {
    const nameEnd = skipText(index, at);
    const name = nameIn(index.toString("utf8", at, nameEnd));
    const mark = skipBlanks(index, nameEnd);
    if (index[mark] !== colon) throw new NotJson();
    const start = skipBlanks(index, mark + 1);
    const end = skipValue(index, start);
    yield { name, start, end };
    at = skipComma(index, end, braceEnd);
  }
}

function* elementsOf(index: Buffer, open: number): Generator<Bounds> {
  let at = skipBlanks(index, open + 1);
  while (index[at] !== bracketEnd) {
    const end = skipValue(index, at);
    yield { start: at, end };
    at = skipComma(index, end, bracketEnd);
  }
}

function nameIn(text: string): string {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotJson();
  }
}

function skipBlanks(index: Buffer, start: number): number {
  let at = start;
  for (let byte = index[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = index[at]) at++;
  return at;
}

/** To the next member or element, or to the end of them. */
function skipComma(index: Buffer, start: number, end: number): number {
  const at = skipBlanks(index, start);
  if (index[at] === end) return at;
  const next = skipBlanks(index, at + 1);
  if (index[at] !== comma || index[next] === end) throw new NotJson();
  return next;
}

function skipText(index: Buffer, start: number): number {
  if (index[start] !== quote) throw new NotJson();
  for (let at = start + 1; at < index.length; at++) {
    if (index[at] === backslash) at++;
    else if (index[at] === quote) return at + 1;
  }
  throw new NotJson();
}

/** Behind the value; of maps and lists only the brackets are looked at. */
function skipValue(index: Buffer, start: number): number {
  if (index[start] === quote) return skipText(index, start);
  let depth = 0;
  for (let at = start; at < index.length; at++) {
    const byte = index[at];
    if (byte === quote) at = skipText(index, at) - 1;
    else if (byte === brace || byte === bracket) depth++;
    else if (byte === braceEnd || byte === bracketEnd) {
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (byte === comma && depth === 0) return at;
  }
  throw new NotJson();
}
