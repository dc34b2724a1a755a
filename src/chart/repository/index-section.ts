/** An entry's own lines, as a map that stands for itself, and its version. */
export type EntryText = { version: string; text: string };

const newline = 10;
const topLevelKeys = ["serverInfo", "apiVersion", "generated", "publicKeys", "annotations"];

/**
 * The lines of one chart's versions in an index that is laid out as Helm and its kin write it, found without reading
 * the rest. `undefined` where the layout is another one: then the whole index has to be read.
 */
export function sectionOf(index: Buffer, chart: string): EntryText[] | undefined {
  const bounds = entriesBounds(index);
  if (bounds === undefined) return undefined;
  const indent = indentAt(index, bounds.start);
  if (indent === 0) return undefined;
  const start = findKey(index, { ...bounds, key: `${" ".repeat(indent)}${chart}:` });
  if (start === undefined) return undefined;
  return readItems(index, start, { end: bounds.end, indent })?.items;
}

/** One chart of an index, its versions unread. */
export type Section = { name: string; items: EntryText[] };

/**
 * Every chart of an index that is laid out so, one after the other. Ends with `undefined`, whatever came before, where the
 * layout turns out to be another one.
 */
export function* sectionsOf(index: Buffer): Generator<Section | undefined, void> {
  const bounds = entriesBounds(index);
  const indent = bounds === undefined ? 0 : indentAt(index, bounds.start);
  if (bounds === undefined || indent === 0) return yield undefined;
  for (let line = bounds.start; line < bounds.end; ) {
    const lineEnd = lineEndAt(index, line, bounds.end);
    const text = index.toString("utf8", line, lineEnd).trimEnd();
    if (text === "") {
      line = lineEnd;
      continue;
    }
    const name = /^ *([\w.-]+):$/.exec(text)?.[1];
    const read = readItems(index, lineEnd, { end: bounds.end, indent });
    if (name === undefined || indentAt(index, line) !== indent || read === undefined) return yield undefined;
    yield { name, items: read.items };
    line = read.next;
  }
}

type Bounds = { start: number; end: number };

function entriesBounds(index: Buffer): Bounds | undefined {
  const start = findKey(index, { start: 0, end: index.length, key: "entries:" });
  if (start === undefined) return undefined;
  let end = index.length;
  for (const key of topLevelKeys) {
    const at = index.indexOf(`\n${key}:`, start - 1);
    if (at >= 0 && at < end) end = at + 1;
  }
  return { start, end };
}

/** Where the line after a line with nothing but the key begins. */
function findKey(index: Buffer, { start, end, key }: Bounds & { key: string }): number | undefined {
  let at = index.subarray(start, start + key.length).equals(Buffer.from(key))
    ? start - 1
    : index.indexOf(`\n${key}`, start);
  while (at >= start - 1 && at < end) {
    const lineEnd = index.indexOf(newline, at + 1);
    if (lineEnd < 0) return undefined;
    const rest = index.toString("latin1", at + 1 + key.length, lineEnd).trim();
    if (rest === "") return lineEnd + 1;
    at = index.indexOf(`\n${key}`, lineEnd);
    if (at < 0) return undefined;
  }
  return undefined;
}

function indentAt(index: Buffer, start: number): number {
  let at = start;
  while (index[at] === 0x20) at++;
  return at - start;
}

type Items = { items: EntryText[]; next: number };

/** The items from a line on, and where the line behind them begins. `undefined` where the layout is another one. */
function readItems(index: Buffer, start: number, { end, indent }: { end: number; indent: number }): Items | undefined {
  const column = indentAt(index, start);
  if (column < indent || index[start + column] !== 0x2d) return undefined;
  const versionLine = new RegExp(`^ {${column + 2}}version:[ ]*(["']?)([^"'\\s#]+)\\1[ ]*\\r?$`, "m");
  const items: EntryText[] = [];
  let itemStart = start;
  for (let line = start; ; line = lineEndAt(index, line, end)) {
    const depth = indentAt(index, line);
    if (line < end && (depth > column || isBlank(index, line + depth, end))) continue;
    const isItem = line < end && depth === column && index[line + depth] === 0x2d && index[line + depth + 1] === 0x20;
    if (line > itemStart) {
      const item = readItem(index.toString("utf8", itemStart, line), column, versionLine);
      if (item === undefined) return undefined;
      items.push(item);
    }
    itemStart = line;
    if (!isItem) return line >= end || depth <= indent ? { items, next: line } : undefined;
  }
}

function isBlank(index: Buffer, at: number, end: number): boolean {
  return at >= end || index[at] === newline || index[at] === 13;
}

function readItem(lines: string, column: number, versionLine: RegExp): EntryText | undefined {
  const text = `${" ".repeat(column + 2)}${lines.slice(column + 2)}`;
  const version = versionLine.exec(text)?.[2];
  return version === undefined ? undefined : { version, text };
}

function lineEndAt(index: Buffer, line: number, end: number): number {
  const at = index.indexOf(newline, line);
  return at < 0 || at >= end ? end : at + 1;
}
