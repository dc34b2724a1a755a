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
  return readItems(index, start, { end: bounds.end, indent });
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

function readItems(index: Buffer, start: number, { end, indent }: { end: number; indent: number }) {
  const column = indentAt(index, start);
  if (column < indent || index[start + column] !== 0x2d) return undefined;
  const items: EntryText[] = [];
  let itemStart = start;
  for (let line = start; line < end; ) {
    const lineEnd = lineEndAt(index, line, end);
    const depth = indentAt(index, line);
    const isBlank = line + depth >= lineEnd || index[line + depth] === newline || index[line + depth] === 13;
    const isItem = depth === column && index[line + depth] === 0x2d && index[line + depth + 1] === 0x20;
    if (!isBlank && (isItem || depth <= column)) {
      if (line > itemStart && !pushItem(items, index, { start: itemStart, end: line, column })) return undefined;
      itemStart = line;
      if (!isItem) return depth <= indent ? items : undefined;
    }
    line = lineEnd;
  }
  return pushItem(items, index, { start: itemStart, end, column }) ? items : undefined;
}

function lineEndAt(index: Buffer, line: number, end: number): number {
  const at = index.indexOf(newline, line);
  return at < 0 || at >= end ? end : at + 1;
}

function pushItem(items: EntryText[], index: Buffer, { start, end, column }: Bounds & { column: number }): boolean {
  const lines = index.toString("utf8", start, end);
  const text = `${" ".repeat(column + 2)}${lines.slice(column + 2)}`;
  const match = new RegExp(`^ {${column + 2}}version:[ ]*(["']?)([^"'\\s#]+)\\1[ ]*\\r?$`, "m").exec(text);
  if (match?.[2] === undefined) return false;
  items.push({ version: match[2], text });
  return true;
}
