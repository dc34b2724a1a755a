import { END, has, SPACE } from "./chars.ts";
import { type YamlProblem, yamlError } from "./problem.ts";

// The scanner is libyaml's as go-yaml v2 has it, so that it accepts, refuses and reads the same texts. What differs is
// the form: it walks one string that ends in NULs instead of a refilled buffer.

export const STREAM_END = 0;
export const VERSION_DIRECTIVE = 1;
export const TAG_DIRECTIVE = 2;
export const DOCUMENT_START = 3;
export const DOCUMENT_END = 4;
export const BLOCK_SEQUENCE_START = 5;
export const BLOCK_MAPPING_START = 6;
export const BLOCK_END = 7;
export const FLOW_SEQUENCE_START = 8;
export const FLOW_SEQUENCE_END = 9;
export const FLOW_MAPPING_START = 10;
export const FLOW_MAPPING_END = 11;
export const BLOCK_ENTRY = 12;
export const FLOW_ENTRY = 13;
export const KEY = 14;
export const VALUE = 15;
export const ALIAS = 16;
export const ANCHOR = 17;
export const TAG = 18;
export const SCALAR = 19;

export type Token = {
  type: number;
  line: number;
  column: number;
  /** A scalar's text, an anchor's name, a tag's handle. */
  value: string;
  /** A tag's suffix, or the prefix in a %TAG directive. */
  suffix: string;
  plain: boolean;
};

type SimpleKey = {
  possible: boolean;
  required: boolean;
  /** The scanner reads on to see whether the key is one. */
  awaited: boolean;
  /** Twice the token's number; odd where the level has not seen a key yet, which keeps the stack sorted. */
  order: number;
  index: number;
  line: number;
  column: number;
};

/** Keys without `?` must end within so many characters. */
const SIMPLE_KEY_LENGTH = 1024;
export const MAX_DEPTH = 10000;

export type Scanner = {
  /** Ends in NULs, so that looking a few characters ahead needs no check. */
  text: string;
  pos: number;
  line: number;
  lineStart: number;
  /** Column of the open block collection, -1 outside of any. */
  indent: number;
  indents: number[];
  flowLevel: number;
  simpleKeyAllowed: boolean;
  simpleKeys: SimpleKey[];
  tokens: Token[];
  head: number;
  parsed: number;
  /** The deepest column that the leading empty lines of a block scalar reached. */
  deepest: number;
};

export function newScanner(text: string): Scanner {
  return {
    text: `${text}\0\0\0\0`,
    pos: 0,
    line: 0,
    lineStart: 0,
    indent: -1,
    indents: [],
    flowLevel: 0,
    simpleKeyAllowed: true,
    simpleKeys: [{ possible: false, required: false, awaited: false, order: -1, index: 0, line: 0, column: 0 }],
    tokens: [],
    head: 0,
    parsed: 0,
    deepest: 0,
  };
}

export function scannerError(s: Scanner, problem: string): YamlProblem {
  return yamlError("scanner", problem, s.line, s.pos - s.lineStart);
}

export function newToken(s: Scanner, type: number): Token {
  return { type, line: s.line, column: s.pos - s.lineStart, value: "", suffix: "", plain: false };
}

export function push(s: Scanner, token: Token): void {
  s.tokens.push(token);
}

/** Adds the token of an indicator that is `length` characters long, and steps over it. */
export function pushIndicator(s: Scanner, type: number, length: number): void {
  s.tokens.push(newToken(s, type));
  s.pos += length;
}

/** Inserts a token `offset` places behind the head of the queue; at its end where that place is gone. */
function insert(s: Scanner, offset: number, token: Token): void {
  const at = s.head + offset;
  if (offset < 0 || at === s.tokens.length) s.tokens.push(token);
  else s.tokens.splice(at, 0, token);
}

/** The queue is emptied as a whole rather than shifted, which keeps it short and cheap. */
export function dropToken(s: Scanner): void {
  s.parsed++;
  s.head++;
  if (s.head === s.tokens.length) {
    // Setting the length costs more for the one or two of them.
    while (s.tokens.length > 0) s.tokens.pop();
    s.head = 0;
  }
}

export function skipLine(s: Scanner): void {
  const code = s.text.charCodeAt(s.pos);
  if (code === 13 && s.text.charCodeAt(s.pos + 1) === 10) s.pos += 2;
  else s.pos++;
  s.line++;
  s.lineStart = s.pos;
}

/** Steps over a line break and gives what it stands for: a newline, but U+2028 and U+2029 stay. */
export function readLine(s: Scanner): string {
  const code = s.text.charCodeAt(s.pos);
  skipLine(s);
  return code > 255 ? String.fromCharCode(code) : "\n";
}

/** `---` or `...` at the start of a line. */
export function atDocumentIndicator(s: Scanner): boolean {
  if (s.pos !== s.lineStart) return false;
  const code = s.text.charCodeAt(s.pos);
  if (code !== 45 && code !== 46) return false;
  return (
    s.text.charCodeAt(s.pos + 1) === code &&
    s.text.charCodeAt(s.pos + 2) === code &&
    has(s.text.charCodeAt(s.pos + 3), SPACE)
  );
}

export function atEnd(s: Scanner): boolean {
  return has(s.text.charCodeAt(s.pos), END);
}

function isTooFar(s: Scanner, key: SimpleKey): boolean {
  if (key.line < s.line) return true;
  if (s.pos - key.index <= SIMPLE_KEY_LENGTH) return false;
  let characters = 0;
  for (const _ of s.text.slice(key.index, s.pos)) characters++;
  return characters > SIMPLE_KEY_LENGTH;
}

export function isKeyValid(s: Scanner, key: SimpleKey): boolean {
  if (!key.possible) return false;
  if (!isTooFar(s, key)) return true;
  if (key.required) throw scannerError(s, "could not find expected ':'");
  key.possible = false;
  return false;
}

export function currentKey(s: Scanner): SimpleKey {
  return s.simpleKeys[s.simpleKeys.length - 1] as SimpleKey;
}

/** The next token may turn out to be a key: remembers where it starts, to put KEY before it when `:` follows. */
export function saveSimpleKey(s: Scanner): void {
  if (!s.simpleKeyAllowed) return;
  removeSimpleKey(s);
  const column = s.pos - s.lineStart;
  const key = currentKey(s);
  key.possible = true;
  key.awaited = true;
  key.required = s.flowLevel === 0 && s.indent === column;
  key.order = 2 * (s.parsed + s.tokens.length - s.head);
  key.index = s.pos;
  key.line = s.line;
  key.column = column;
}

export function removeSimpleKey(s: Scanner): void {
  const key = currentKey(s);
  if (key.possible && key.required) throw scannerError(s, "could not find expected ':'");
  key.possible = false;
}

/** The open key, at whatever flow level, that starts with the token at the head of the queue. */
export function keyAtHead(s: Scanner): SimpleKey | undefined {
  const keys = s.simpleKeys;
  const order = 2 * s.parsed;
  let low = 0;
  let high = keys.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const key = keys[middle] as SimpleKey;
    if (key.order === order) return key.possible && key.awaited ? key : undefined;
    if (key.order < order) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

export function increaseFlowLevel(s: Scanner): void {
  const order = 2 * (s.parsed + s.tokens.length - s.head) + 1;
  s.simpleKeys.push({ possible: false, required: false, awaited: false, order, index: 0, line: 0, column: 0 });
  s.flowLevel++;
  if (s.flowLevel > MAX_DEPTH) throw scannerError(s, `exceeded max depth of ${MAX_DEPTH}`);
}

export function decreaseFlowLevel(s: Scanner): void {
  if (s.flowLevel === 0) return;
  s.flowLevel--;
  const inner = s.simpleKeys.pop();
  const outer = currentKey(s);
  // An empty collection shares its number with the key that it may be, and go-yaml forgets to wait for that: `[]: x` is
  // a document `[]`.
  if (inner !== undefined && outer.order === inner.order - 1) outer.awaited = false;
}

/** Opens a block collection when the column is deeper than the one that is open. */
export function rollIndent(s: Scanner, type: number, mark: { column: number; line: number }, offset: number): void {
  if (s.flowLevel > 0 || s.indent >= mark.column) return;
  s.indents.push(s.indent);
  s.indent = mark.column;
  if (s.indents.length > MAX_DEPTH) throw scannerError(s, `exceeded max depth of ${MAX_DEPTH}`);
  const token = { type, line: mark.line, column: mark.column, value: "", suffix: "", plain: false };
  insert(s, offset, token);
}

/** Closes the block collections that are deeper than the column. */
export function unrollIndent(s: Scanner, column: number): void {
  if (s.flowLevel > 0) return;
  while (s.indent > column) {
    s.tokens.push(newToken(s, BLOCK_END));
    s.indent = s.indents.pop() ?? -1;
  }
}

/** Puts KEY before the token that proved to be a key. */
export function insertKey(s: Scanner, key: SimpleKey): void {
  const offset = key.order / 2 - s.parsed;
  insert(s, offset, { type: KEY, line: key.line, column: key.column, value: "", suffix: "", plain: false });
  rollIndent(s, BLOCK_MAPPING_START, key, offset);
  key.possible = false;
  s.simpleKeyAllowed = false;
}
