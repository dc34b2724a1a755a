import { BREAK, BREAK_OR_END, FLAGS, has, INDICATOR, SPACE } from "./chars.ts";
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

/** The token at the head of the queue. Reads on while that token could still become a key. */
export function peek(s: Scanner): Token {
  while (s.head === s.tokens.length || mayBecomeKey(s)) fetchNext(s);
  return s.tokens[s.head] as Token;
}

function mayBecomeKey(s: Scanner): boolean {
  if (s.ended) return false;
  const key = keyAtHead(s);
  return key !== undefined && isKeyValid(s, key);
}

function fetchNext(s: Scanner): void {
  skipToToken(s);
  if (s.indent > s.pos - s.lineStart) unrollIndent(s, s.pos - s.lineStart);
  const { text, pos } = s;
  const code = text.charCodeAt(pos);
  if (code >= 256 || (FLAGS[code] as number) < INDICATOR) {
    if (code === 0) return fetchStreamEnd(s);
    if (code === 46 && atDocumentIndicator(s)) return fetchDocumentIndicator(s, DOCUMENT_END);
    if (!has(code, SPACE)) return fetchPlain(s);
  }
  return fetchIndicator(s, code, text.charCodeAt(pos + 1));
}

function fetchIndicator(s: Scanner, code: number, next: number): void {
  const flow = s.flowLevel > 0;
  switch (code) {
    case 45: // -
      if (atDocumentIndicator(s)) return fetchDocumentIndicator(s, DOCUMENT_START);
      if (has(next, SPACE)) return fetchBlockEntry(s);
      return fetchPlain(s);
    case 63: // ?
      if (flow || has(next, SPACE)) return fetchKey(s);
      return fetchPlain(s);
    case 58: // :
      if (flow || has(next, SPACE)) return fetchValue(s);
      return fetchPlain(s);
    case 34: // "
    case 39: // '
      return fetchQuoted(s, code);
    case 124: // |
    case 62: // >
      if (!flow) return fetchBlockScalar(s, code === 124);
      break;
    case 91: // [
      return fetchFlowStart(s, FLOW_SEQUENCE_START);
    case 123: // {
      return fetchFlowStart(s, FLOW_MAPPING_START);
    case 93: // ]
      return fetchFlowEnd(s, FLOW_SEQUENCE_END);
    case 125: // }
      return fetchFlowEnd(s, FLOW_MAPPING_END);
    case 44: // ,
      return fetchFlowEntry(s);
    case 42: // *
    case 38: // &
      return fetchProperty(s, code);
    case 33: // !
      return fetchProperty(s, code);
    case 37: // %
      if (s.pos === s.lineStart) return fetchDirective(s);
      break;
  }
  throw scannerError(s, "found character that cannot start any token");
}

/** Tabs are allowed inside a flow collection and behind a token, but not where a key may start. */
function skipToToken(s: Scanner): void {
  const { text } = s;
  for (;;) {
    const tabs = s.flowLevel > 0 || !s.simpleKeyAllowed;
    let pos = s.pos;
    let code = text.charCodeAt(pos);
    while (code === 32 || (code === 9 && tabs)) code = text.charCodeAt(++pos);
    if (code === 35) while (!has(code, BREAK_OR_END)) code = text.charCodeAt(++pos);
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
  s.ended = true;
  s.tokens.push(newToken(s, STREAM_END));
}

function fetchDocumentIndicator(s: Scanner, type: number): void {
  unrollIndent(s, -1);
  removeSimpleKey(s);
  s.simpleKeyAllowed = false;
  pushIndicator(s, type, 3);
}

function fetchDirective(s: Scanner): void {
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

function fetchBlockScalar(s: Scanner, literal: boolean): void {
  removeSimpleKey(s);
  s.simpleKeyAllowed = true;
  s.tokens.push(scanBlockScalar(s, literal));
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
