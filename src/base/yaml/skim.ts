import { resolvePlain } from "./resolve.ts";

// A look at a document that is written as nearly all are: block collections, plain keys, scalars without anchors or tags.
// It proves that the full reader would take the text, and finds the lines of the wanted keys. Of anything else it says
// `undefined`; that costs time, but is never wrong.

type Level = { column: number; isList: boolean };

type Skim = {
  text: string;
  pos: number;
  /** Where the line that is being looked at begins. */
  lineStart: number;
  levels: Level[];
  /** A `key:` or `-` without its value yet. */
  pending: boolean;
  sections: Section[];
};

type Section = { key: string; start: number; end: number };

const DEEPEST = 100;
const LONGEST_KEY = 500;
const PLAIN = /^[\n -~]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what YAML forbids.
const UNUSUAL = /[\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\p{Surrogate}/u;
const FIRST_LINES = /(?:[ ]*(?:#.*)?\n)*(?:---[ ]*\n)?/y;
const SPACES = / */y;
const SIMPLE_KEY = /(?:[A-Za-z_$/][A-Za-z0-9_$/.()@+-]*|'[^'\n]*'|"[^"\\\n]*"|[0-9]{1,15}):(?=[ \n])/y;
/** What words such as `no` and `null` begin with. */
const WORD_STARTS = Array.from("yYnNtTfFoO", (char) => char.charCodeAt(0));
const EMPTY_LINE = / *\n/y;
const BLOCK_HEADER = /[|>][-+]?[ ]*(?:#.*)?\n/y;
const DOUBLE_QUOTED = /"(?:[^"\\]|\\[\\"nt \n])*"/y;
const SINGLE_QUOTED = /'(?:[^']|'')*'/y;
const FLOW_WORD = `(?:[A-Za-z0-9_/$](?:[A-Za-z0-9_/$.()*-]*[A-Za-z0-9_/$.()*-])?|'[^'\\n]*'|"[^"\\\\\\n]*")`;
const FLOW = new RegExp(`\\{\\}|\\[[ ]*(?:${FLOW_WORD}(?:,[ ]*${FLOW_WORD})*)?[ ]*\\]`, "y");
const REST = /[ ]*(?:[ ]#.*)?\n/y;

/** The lines of these keys of a mapping, in their order; `undefined` where only the full reader can tell. */
export function skim(source: string, wanted: ReadonlySet<string>): string | undefined {
  if (isUnusual(source)) return undefined;
  const text = source.endsWith("\n") ? source : `${source}\n`;
  const s: Skim = { text, pos: 0, lineStart: 0, levels: [], pending: true, sections: [] };
  match(s, FIRST_LINES);
  while (s.pos < text.length) if (!skimLine(s)) return undefined;
  if (s.levels[0] === undefined || s.levels[0].isList) return undefined;
  const last = s.sections.at(-1);
  if (last !== undefined) last.end = text.length;
  return s.sections.map(({ key, start, end }) => (wanted.has(key) ? text.slice(start, end) : "")).join("");
}

/** Whether it takes the full reader: other line breaks, tabs, further documents, whatever cannot be printed. */
export function isUnusual(source: string): boolean {
  return (!PLAIN.test(source) && UNUSUAL.test(source)) || source.includes("\n---") || source.includes("\n...");
}

/** Steps over what the sticky pattern takes at this place. */
export function match(s: { text: string; pos: number }, pattern: RegExp): boolean {
  pattern.lastIndex = s.pos;
  if (!pattern.test(s.text)) return false;
  s.pos = pattern.lastIndex;
  return true;
}

function code(s: Skim): number {
  return s.text.charCodeAt(s.pos);
}

function skipSpaces(s: Skim): void {
  match(s, SPACES);
}

function skipLine(s: Skim): void {
  s.pos = s.text.indexOf("\n", s.pos) + 1;
}

function skimLine(s: Skim): boolean {
  s.lineStart = s.pos;
  skipSpaces(s);
  const first = code(s);
  if (first === 10 || first === 35) {
    skipLine(s);
    return true;
  }
  while (code(s) === 45) {
    const next = s.text.charCodeAt(s.pos + 1);
    if (next !== 32 && next !== 10) break;
    if (!open(s, true)) return false;
    s.pos++;
    skipSpaces(s);
    if (code(s) === 10 || code(s) === 35) {
      skipLine(s);
      return true;
    }
  }
  return skimEntry(s);
}

/** A key and its value, or a value alone. */
function skimEntry(s: Skim): boolean {
  const start = s.pos;
  const end = keyEnd(s);
  if (end < 0) return s.pending && isDeeper(s) && skimValue(s);
  if (!open(s, false)) return false;
  const isRoot = s.levels.length === 1;
  if (isRoot || mayBeWord(code(s))) {
    const key = keyText(s.text.slice(start, end));
    if (key === undefined) return false;
    if (isRoot) noteSection(s, key);
  }
  s.pos = end + 1;
  skipSpaces(s);
  if (code(s) === 10 || code(s) === 35) {
    skipLine(s);
    return true;
  }
  return skimValue(s);
}

function mayBeWord(first: number): boolean {
  return WORD_STARTS.includes(first);
}

/** Where the `:` behind a simple key is, or -1. */
function keyEnd(s: Skim): number {
  SIMPLE_KEY.lastIndex = s.pos;
  return SIMPLE_KEY.test(s.text) && SIMPLE_KEY.lastIndex - s.pos < LONGEST_KEY ? SIMPLE_KEY.lastIndex - 1 : -1;
}

/** `null` is no key, and other words change. */
function keyText(key: string): string | undefined {
  const first = key.charCodeAt(0);
  if (first === 39 || first === 34) return key.slice(1, -1);
  return !mayBeWord(first) || resolvePlain(key).tag === "str" ? key : undefined;
}

function noteSection(s: Skim, key: string): void {
  const last = s.sections.at(-1);
  if (last !== undefined) last.end = s.lineStart;
  s.sections.push({ key, start: s.lineStart, end: s.lineStart });
}

function isDeeper(s: Skim): boolean {
  const top = s.levels.at(-1);
  return top !== undefined && s.pos - s.lineStart > top.column;
}

/** Finds or opens the collection to which a `-` or a key at this column belongs. */
function open(s: Skim, isList: boolean): boolean {
  const column = s.pos - s.lineStart;
  const { levels } = s;
  let top = levels.at(-1);
  while (
    top !== undefined &&
    (top.column > column || (top.column === column && top.isList && !isList && levels.at(-2)?.column === column))
  ) {
    levels.pop();
    top = levels.at(-1);
    s.pending = false;
  }
  if (top === undefined || top.column < column || (isList && !top.isList)) {
    // A list may stand as deep as the key that it belongs to.
    if (!s.pending || levels.length >= DEEPEST) return false;
    levels.push({ column, isList });
  } else if (top.isList !== isList) {
    return false;
  }
  s.pending = true;
  return true;
}

function skimValue(s: Skim): boolean {
  s.pending = false;
  switch (code(s)) {
    case 124: // |
    case 62: // >
      return match(s, BLOCK_HEADER) && skimBlock(s);
    case 34:
      return match(s, DOUBLE_QUOTED) && match(s, REST);
    case 39:
      return match(s, SINGLE_QUOTED) && match(s, REST);
    case 91:
    case 123:
      return match(s, FLOW) && match(s, REST);
    default:
      return skimPlain(s);
  }
}

/** The lines of a block scalar: all that are empty or deeper than the collection around it. */
function skimBlock(s: Skim): boolean {
  const outer = s.levels.at(-1)?.column ?? -1;
  let widest = 0;
  for (let start = s.pos; match(s, EMPTY_LINE); start = s.pos) widest = Math.max(widest, s.pos - start - 1);
  const start = s.pos;
  skipSpaces(s);
  const indent = s.pos - start;
  s.pos = start;
  if (start < s.text.length && indent > outer) {
    // Deeper empty lines before the text would set the indentation.
    if (widest > indent) return false;
    const spaces = " ".repeat(indent);
    while (s.text.startsWith(spaces, s.pos)) {
      skipLine(s);
      while (match(s, EMPTY_LINE));
    }
  }
  return s.pos === s.text.length || isShallow(s, outer);
}

// What follows a block scalar and is deeper than the collection around it is a mistake.
function isShallow(s: Skim, outer: number): boolean {
  const start = s.pos;
  skipSpaces(s);
  const column = s.pos - start;
  s.pos = start;
  return column <= outer;
}

const LINE_END = /\n|:(?=[ \n])|(?<= )#/g;
const NO_SPACE = /[^ \n]/g;
const PLAIN_START =
  /[A-Za-z0-9_/$(^;<=\\\u00a0-\ud7ff\ue000-\ufefe]|-[^ \n.]|\.(?!(?:nan|NaN|NAN|inf|Inf|INF)[ \n])[A-Za-z]/y;

/** A plain scalar and its further lines, unless one of them looks like anything else. */
function skimPlain(s: Skim): boolean {
  PLAIN_START.lastIndex = s.pos;
  if (!PLAIN_START.test(s.text)) return false;
  const outer = s.levels.at(-1)?.column ?? -1;
  for (let lines = 0; ; lines++) {
    const end = plainLineEnd(s.text, s.pos);
    const stop = s.text.charCodeAt(end);
    if (stop === 58 || (stop === 35 && lines > 0)) return false;
    s.pos = end;
    skipLine(s);
    const next = nextText(s);
    if (next < 0 || next - s.text.lastIndexOf("\n", next) - 1 <= outer) return true;
    // A comment ends the scalar, so that a deeper line behind it is a mistake.
    if (stop === 35 || s.text.charCodeAt(next) === 35) return false;
    s.pos = next;
  }
}

/** The end of the line, or what comes first: a `:` that makes it a key, or the `#` of a comment. */
function plainLineEnd(text: string, start: number): number {
  LINE_END.lastIndex = start;
  LINE_END.test(text);
  return LINE_END.lastIndex - 1;
}

/** Where the next line that is not empty has its first character, or -1. */
function nextText(s: Skim): number {
  NO_SPACE.lastIndex = s.pos;
  return NO_SPACE.test(s.text) ? NO_SPACE.lastIndex - 1 : -1;
}
