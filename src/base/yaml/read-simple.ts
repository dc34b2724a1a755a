import { YamlProblem } from "./problem.ts";
import { isPlainText, resolvePlain } from "./resolve.ts";
import { isUnusual, match } from "./skim.ts";

// Reads what nearly all of values files is: block collections, short plain keys, scalars on one line. A value of any other
// form goes to the full reader, with the lines that it stands on; and where it isn't even certain where these end, the whole
// text does. That costs time, but is never wrong.

export type SimpleOptions = {
  /** Integers are bigint. */
  integers: boolean;
  /** The full reader, for a part of the text; it throws a YamlProblem. */
  readPart(text: string): unknown;
};

type Reader = SimpleOptions & {
  source: string;
  /** The source, and a line break at its end. */
  text: string;
  pos: number;
  lineStart: number;
  depth: number;
};

type Collection = Map<string, unknown> | unknown[];

const LONGEST = 1024 * 1024;
const DEEPEST = 100;
const END = "(?=[ ]*(?:[ ]#.*)?\\n)";
const EMPTY_LINES = /(?:[ ]*(?:#.*)?\n)*/y;
const SPACES = /[ ]*/y;
const NOTHING = /[ ]*(?:[ ]#.*)?\n/y;
const FIRST_LINE = /---[ ]*\n/y;
const KEY = /(?:[A-Za-z_][A-Za-z0-9_./-]{0,200}|"[^"\\\n]{0,200}"|'[^'\n]{0,200}'):(?=[ \n])/y;
const PLAIN = new RegExp(
  `(?:[A-Za-z0-9_/.$(]|-(?=[A-Za-z0-9.]))(?:[^\\s:#]|:(?=\\S)|(?<=\\S)#|[ ]+(?=[^\\s#:]))*${END}`,
  "y",
);
const QUOTED = new RegExp(`(?:"[^"\\\\\\n]*"|'[^'\\n]*')${END}`, "y");
const EMPTY = new RegExp(`(?:\\[\\]|\\{\\})${END}`, "y");
/** What may mean something outside of its part. */
const REFERENCE = /[\s[{,][&*!]\S/;

// One for all: making it anew costs more than reading a short text.
const uncertain = new Error("only the full reader can tell");

/** A document that is a block mapping; `undefined` where only the full reader can tell. */
export function readSimple(source: string, options: SimpleOptions): Map<string, unknown> | undefined {
  if (source.length > LONGEST || isUnusual(source)) return undefined;
  const text = source.endsWith("\n") ? source : `${source}\n`;
  const r: Reader = { ...options, source, text, pos: 0, lineStart: 0, depth: 0 };
  match(r, FIRST_LINE);
  if (columnOfNext(r) !== 0) return undefined;
  try {
    return readMapping(r, 0);
  } catch (error) {
    if (error === uncertain || error instanceof YamlProblem) return undefined;
    throw error;
  }
}

/** Steps to the next line that says something, and to its first character; -1 where there is none. */
function columnOfNext(r: Reader): number {
  match(r, EMPTY_LINES);
  r.lineStart = r.pos;
  match(r, SPACES);
  return r.pos === r.text.length ? -1 : r.pos - r.lineStart;
}

/** The text that the pattern takes at this place, which is stepped over. */
function take(r: Reader, pattern: RegExp): string | undefined {
  const from = r.pos;
  return match(r, pattern) ? r.text.slice(from, r.pos) : undefined;
}

function isDash(r: Reader): boolean {
  const next = r.text.charCodeAt(r.pos + 1);
  return r.text.charCodeAt(r.pos) === 45 && (next === 32 || next === 10);
}

/** The entries at this column; the first begins at this place. */
function readMapping(r: Reader, column: number): Map<string, unknown> {
  const map = new Map<string, unknown>();
  for (;;) {
    const start = r.pos;
    const key = readKey(r);
    const value = match(r, NOTHING) ? readBelow(r, column, true) : readInline(r, { start, column });
    map.set(key, value instanceof Part ? value.of(key) : value);
    const next = columnOfNext(r);
    if (next < column) return back(r, map);
    if (next > column) throw uncertain;
  }
}

function readKey(r: Reader): string {
  const text = take(r, KEY)?.slice(0, -1);
  if (text === undefined) throw uncertain;
  if (text.startsWith('"') || text.startsWith("'")) return text.slice(1, -1);
  if (isPlainText(text) || resolvePlain(text).tag === "str") return text;
  throw uncertain;
}

/** The items at this column; the first begins at this place. Without an indent of its own, a list ends at the next key. */
function readList(r: Reader, column: number, isIndented: boolean): unknown[] {
  const list: unknown[] = [];
  for (;;) {
    const start = r.pos;
    r.pos++;
    if (match(r, NOTHING)) list.push(readBelow(r, column, false));
    else {
      match(r, SPACES);
      const value = readItem(r, { start, column });
      list.push(value instanceof Part ? value.of(0) : value);
    }
    const next = columnOfNext(r);
    if (next < column || (next === column && !isIndented && !isDash(r))) return back(r, list);
    if (next > column || !isDash(r)) throw uncertain;
  }
}

// Who reads the collection around this one looks for its next line itself.
function back<Read extends Collection>(r: Reader, collection: Read): Read {
  r.pos = r.lineStart;
  r.depth--;
  return collection;
}

/** The value of a key or a dash that ends its line. */
function readBelow(r: Reader, column: number, isKey: boolean): unknown {
  if (++r.depth > DEEPEST) throw uncertain;
  const next = columnOfNext(r);
  const isList = next >= column && isDash(r);
  if (next > column && isList) return readList(r, next, true);
  if (next > column && isKeyHere(r)) return readMapping(r, next);
  if (next === column && isKey && isList) return readList(r, next, false);
  r.depth--;
  if (next > column) return readAlone(r);
  r.pos = r.lineStart;
  return null;
}

function isKeyHere(r: Reader): boolean {
  KEY.lastIndex = r.pos;
  return KEY.test(r.text);
}

/** A scalar on the line below its key. */
function readAlone(r: Reader): unknown {
  const value = readSimpleScalar(r);
  if (value === undefined) throw uncertain;
  return value;
}

function readItem(r: Reader, entry: { start: number; column: number }): unknown {
  if (isDash(r)) throw uncertain;
  if (!isKeyHere(r)) return readScalar(r, entry);
  if (++r.depth > DEEPEST) throw uncertain;
  return readMapping(r, r.pos - r.lineStart);
}

function readInline(r: Reader, entry: { start: number; column: number }): unknown {
  match(r, SPACES);
  return readScalar(r, entry);
}

function readScalar(r: Reader, { start, column }: { start: number; column: number }): unknown {
  const value = readSimpleScalar(r);
  return value === undefined ? readPart(r, start, column) : value;
}

function readSimpleScalar(r: Reader): unknown {
  const plain = take(r, PLAIN);
  if (plain !== undefined) return ended(r, isPlainText(plain) ? plain : resolved(r, plain));
  const quoted = take(r, QUOTED);
  if (quoted !== undefined) return ended(r, quoted.slice(1, -1));
  const empty = take(r, EMPTY);
  if (empty !== undefined) return ended(r, empty === "[]" ? [] : new Map());
  return undefined;
}

function ended(r: Reader, value: unknown): unknown {
  match(r, NOTHING);
  return value;
}

function resolved(r: Reader, text: string): unknown {
  const { value, tag } = resolvePlain(text);
  if (typeof value === "number") {
    if (tag === "int") return r.integers ? BigInt(value) : value;
    if (!Number.isFinite(value)) throw uncertain;
  }
  return typeof value === "bigint" && !r.integers ? Number(value) : value;
}

/** One entry as the full reader has read it. */
class Part {
  readonly collection: unknown;

  constructor(collection: unknown) {
    this.collection = collection;
  }

  of(key: string | number): unknown {
    const { collection } = this;
    if (collection instanceof Map && collection.size === 1 && collection.has(key)) return collection.get(key);
    if (Array.isArray(collection) && collection.length === 1) return collection[0];
    throw uncertain;
  }
}

/** Hands the entry that begins at `start` to the full reader, with all lines below it that are deeper or empty. */
function readPart(r: Reader, start: number, column: number): Part {
  const isBlockText = "|>".includes(r.text.charAt(r.pos));
  do r.pos = r.text.indexOf("\n", r.pos) + 1;
  while (r.pos < r.text.length && isBelow(r, column));
  const part = " ".repeat(column) + r.source.slice(start, r.pos);
  if (!isBlockText && REFERENCE.test(part)) throw uncertain;
  return new Part(r.readPart(part));
}

function isBelow({ text, pos }: Reader, column: number): boolean {
  SPACES.lastIndex = pos;
  SPACES.test(text);
  return SPACES.lastIndex - pos > column || text.charCodeAt(SPACES.lastIndex) === 10;
}
