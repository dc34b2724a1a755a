import { BREAK, has, SPACE } from "./chars.ts";
import { scanBlockScalar } from "./scan-block.ts";
import { scanPlain } from "./scan-plain.ts";
import { scanQuoted } from "./scan-quoted.ts";
import { scanAnchor, scanDirective, scanTag } from "./scan-tag.ts";
import {
  ALIAS,
  ANCHOR,
  atDocumentIndicator,
  BLOCK_ENTRY,
  BLOCK_MAPPING_START,
  BLOCK_SEQUENCE_START,
  currentKey,
  DOCUMENT_END,
  DOCUMENT_START,
  decreaseFlowLevel,
  FLOW_ENTRY,
  FLOW_MAPPING_END,
  FLOW_MAPPING_START,
  FLOW_SEQUENCE_END,
  FLOW_SEQUENCE_START,
  increaseFlowLevel,
  insertKey,
  isKeyValid,
  KEY,
  keyAtHead,
  newToken,
  pushIndicator,
  removeSimpleKey,
  rollIndent,
  type Scanner,
  STREAM_END,
  saveSimpleKey,
  scannerError,
  skipLine,
  type Token,
  unrollIndent,
  VALUE,
} from "./scanner.ts";

const LINE_END = /[\0\n\r\u0085\u2028\u2029]/g;

/** The token at the head of the queue. Reads on while that token could still become a key. */
export function peek(s: Scanner): Token {
  while (s.head === s.tokens.length || mayBecomeKey(s)) fetchNext(s);
  return s.tokens[s.head] as Token;
}

function mayBecomeKey(s: Scanner): boolean {
  const key = keyAtHead(s);
  return key !== undefined && isKeyValid(s, key);
}

function fetchNext(s: Scanner): void {
  skipToToken(s);
  const column = s.pos - s.lineStart;
  if (s.indent > column) unrollIndent(s, column);
  const code = s.text.charCodeAt(s.pos);
  const fetch = code < FETCHERS.length ? (FETCHERS[code] as Fetcher) : fetchPlain;
  fetch(s, code);
}

type Fetcher = (s: Scanner, code: number) => void;

/** By the first character of a token; what isn't listed begins a plain scalar. */
function buildFetchers(): Fetcher[] {
  const fetchers: Fetcher[] = new Array(128).fill(fetchPlain);
  const table: Readonly<Record<string, Fetcher>> = {
    "\0": fetchStreamEnd,
    "\t@`#": refuse,
    ".": fetchDot,
    "-": fetchDash,
    "?": (s) => (beginsIndicator(s) ? fetchKey(s) : fetchPlain(s)),
    ":": (s) => (beginsIndicator(s) ? fetchValue(s) : fetchPlain(s)),
    "\"'": fetchQuoted,
    "|>": fetchBlockScalar,
    "[": (s) => fetchFlowStart(s, FLOW_SEQUENCE_START),
    "{": (s) => fetchFlowStart(s, FLOW_MAPPING_START),
    "]": (s) => fetchFlowEnd(s, FLOW_SEQUENCE_END),
    "}": (s) => fetchFlowEnd(s, FLOW_MAPPING_END),
    ",": fetchFlowEntry,
    "*&!": fetchProperty,
    "%": fetchDirective,
  };
  for (const [chars, fetcher] of Object.entries(table)) {
    for (const char of chars) fetchers[char.charCodeAt(0)] = fetcher;
  }
  return fetchers;
}

const FETCHERS = buildFetchers();

function refuse(s: Scanner): never {
  throw scannerError(s, "found character that cannot start any token");
}

/** `?` and `:` in a block need a blank behind them. */
function beginsIndicator(s: Scanner): boolean {
  return s.flowLevel > 0 || has(s.text.charCodeAt(s.pos + 1), SPACE);
}

function fetchDot(s: Scanner): void {
  if (atDocumentIndicator(s)) fetchDocumentIndicator(s, DOCUMENT_END);
  else fetchPlain(s);
}

function fetchDash(s: Scanner): void {
  if (atDocumentIndicator(s)) fetchDocumentIndicator(s, DOCUMENT_START);
  else if (has(s.text.charCodeAt(s.pos + 1), SPACE)) fetchBlockEntry(s);
  else fetchPlain(s);
}

/** Tabs are allowed inside a flow collection and behind a token, but not where a key may start. */
function skipToToken(s: Scanner): void {
  const { text } = s;
  for (;;) {
    const tabs = s.flowLevel > 0 || !s.simpleKeyAllowed;
    let pos = s.pos;
    let code = text.charCodeAt(pos);
    while (code === 32 || (code === 9 && tabs)) code = text.charCodeAt(++pos);
    if (code === 35) {
      LINE_END.lastIndex = pos;
      LINE_END.test(text);
      pos = LINE_END.lastIndex - 1;
      code = text.charCodeAt(pos);
    }
    s.pos = pos;
    if (!has(code, BREAK)) return;
    skipLine(s);
    if (s.flowLevel === 0) s.simpleKeyAllowed = true;
  }
}

function fetchStreamEnd(s: Scanner): void {
  if (s.pos !== s.lineStart) {
    s.line++;
    s.lineStart = s.pos;
  }
  unrollIndent(s, -1);
  removeSimpleKey(s);
  s.simpleKeyAllowed = false;
  s.tokens.push(newToken(s, STREAM_END));
}

function fetchDocumentIndicator(s: Scanner, type: number): void {
  unrollIndent(s, -1);
  removeSimpleKey(s);
  s.simpleKeyAllowed = false;
  pushIndicator(s, type, 3);
}

function fetchDirective(s: Scanner): void {
  if (s.pos !== s.lineStart) refuse(s);
  unrollIndent(s, -1);
  removeSimpleKey(s);
  s.simpleKeyAllowed = false;
  s.tokens.push(scanDirective(s));
}

function fetchFlowStart(s: Scanner, type: number): void {
  saveSimpleKey(s);
  increaseFlowLevel(s);
  s.simpleKeyAllowed = true;
  pushIndicator(s, type, 1);
}

function fetchFlowEnd(s: Scanner, type: number): void {
  removeSimpleKey(s);
  decreaseFlowLevel(s);
  s.simpleKeyAllowed = false;
  pushIndicator(s, type, 1);
}

function fetchFlowEntry(s: Scanner): void {
  removeSimpleKey(s);
  s.simpleKeyAllowed = true;
  pushIndicator(s, FLOW_ENTRY, 1);
}

function here(s: Scanner): { line: number; column: number } {
  return { line: s.line, column: s.pos - s.lineStart };
}

function fetchBlockEntry(s: Scanner): void {
  if (s.flowLevel === 0) {
    if (!s.simpleKeyAllowed) throw scannerError(s, "block sequence entries are not allowed in this context");
    if (s.indent < s.pos - s.lineStart) rollIndent(s, BLOCK_SEQUENCE_START, here(s), -1);
  }
  removeSimpleKey(s);
  s.simpleKeyAllowed = true;
  pushIndicator(s, BLOCK_ENTRY, 1);
}

function fetchKey(s: Scanner): void {
  if (s.flowLevel === 0) {
    if (!s.simpleKeyAllowed) throw scannerError(s, "mapping keys are not allowed in this context");
    rollIndent(s, BLOCK_MAPPING_START, here(s), -1);
  }
  removeSimpleKey(s);
  s.simpleKeyAllowed = s.flowLevel === 0;
  pushIndicator(s, KEY, 1);
}

function fetchValue(s: Scanner): void {
  const key = currentKey(s);
  if (isKeyValid(s, key)) {
    insertKey(s, key);
  } else {
    if (s.flowLevel === 0) {
      if (!s.simpleKeyAllowed) throw scannerError(s, "mapping values are not allowed in this context");
      rollIndent(s, BLOCK_MAPPING_START, here(s), -1);
    }
    s.simpleKeyAllowed = s.flowLevel === 0;
  }
  pushIndicator(s, VALUE, 1);
}

function fetchProperty(s: Scanner, code: number): void {
  saveSimpleKey(s);
  s.simpleKeyAllowed = false;
  s.tokens.push(code === 33 ? scanTag(s) : scanAnchor(s, code === 42 ? ALIAS : ANCHOR));
}

function fetchBlockScalar(s: Scanner, code: number): void {
  if (s.flowLevel > 0) refuse(s);
  removeSimpleKey(s);
  s.simpleKeyAllowed = true;
  s.tokens.push(scanBlockScalar(s, code === 124));
}

function fetchQuoted(s: Scanner, quote: number): void {
  saveSimpleKey(s);
  s.simpleKeyAllowed = false;
  s.tokens.push(scanQuoted(s, quote));
}

function fetchPlain(s: Scanner): void {
  saveSimpleKey(s);
  s.simpleKeyAllowed = false;
  s.tokens.push(scanPlain(s));
}
