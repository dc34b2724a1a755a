import { aliasValue, beginAnchor, endAnchor, mergeInto, notePlace, putEntry } from "./anchors.ts";
import {
  type Anchor,
  BadKey,
  type Composer,
  type Container,
  composeKey,
  composeScalar,
  enter,
  failDecode,
  isMergeKey,
  newMapping,
  setEntry,
} from "./compose.ts";
import { type Directives, readDirectives, tagOf } from "./directives.ts";
import { peek } from "./fetch.ts";
import { goSyntax } from "./go-syntax.ts";
import { type YamlProblem, yamlError } from "./problem.ts";
import { isPlainText } from "./resolve.ts";
import {
  ALIAS,
  ANCHOR,
  BLOCK_END,
  BLOCK_ENTRY,
  BLOCK_MAPPING_START,
  BLOCK_SEQUENCE_START,
  DOCUMENT_END,
  DOCUMENT_START,
  dropToken,
  FLOW_ENTRY,
  FLOW_MAPPING_END,
  FLOW_MAPPING_START,
  FLOW_SEQUENCE_END,
  FLOW_SEQUENCE_START,
  KEY,
  SCALAR,
  type Scanner,
  STREAM_END,
  TAG,
  TAG_DIRECTIVE,
  type Token,
  VALUE,
  VERSION_DIRECTIVE,
} from "./scanner.ts";

// The grammar is libyaml's parser, written as functions that call each other instead of a machine of states. It makes
// values at once: there are neither events nor nodes.

type Parser = {
  s: Scanner;
  c: Composer;
  directives: Directives;
  /** The node that was parsed last was an alias. */
  wasAlias: boolean;
};

/** Stands for a key that is `<<`. */
const MERGE = Symbol("merge");
type Key = string | BadKey | typeof MERGE;

/** The first document of the stream; null where there is none. What follows it is not looked at, as in go-yaml. */
export function parseDocument(s: Scanner, c: Composer): unknown {
  const first = peek(s);
  if (first.type === STREAM_END) return null;
  const explicit = first.type === DOCUMENT_START || first.type === VERSION_DIRECTIVE || first.type === TAG_DIRECTIVE;
  const p: Parser = { s, c, directives: readDirectives(s), wasAlias: false };
  if (explicit) {
    const token = peek(s);
    if (token.type !== DOCUMENT_START) throw parserError(token, "did not find expected <document start>");
    dropToken(s);
  }
  const value = explicit && endsDocument(peek(s).type) ? emptyValue(p) : parseNode(p, true, false);
  peek(s);
  return value;
}

function endsDocument(type: number): boolean {
  return type <= DOCUMENT_END;
}

function parserError(token: Token, problem: string): YamlProblem {
  return yamlError("parser", problem, token.line, token.column);
}

function emptyValue(p: Parser): null {
  p.c.decoded++;
  p.wasAlias = false;
  return null;
}

/** A value. `block` allows block collections, `indentless` a sequence no deeper than its key. */
function parseNode(p: Parser, block: boolean, indentless: boolean): unknown {
  const { s, c } = p;
  const token = peek(s);
  if (token.type === SCALAR) {
    dropToken(s);
    c.decoded++;
    p.wasAlias = false;
    if (!token.plain || isPlainText(token.value)) return token.value;
    return composeScalar(c, token.value, "", true, token);
  }
  if (token.type === ALIAS) {
    dropToken(s);
    const value = aliasValue(c, token.value, token);
    p.wasAlias = true;
    return value;
  }
  c.decoded++;
  if (token.type === ANCHOR || token.type === TAG) return parseProperties(p, token, block, indentless, false);
  const value = parseCollection(p, token, block, indentless);
  p.wasAlias = false;
  return value;
}

function parseKeyNode(p: Parser, block: boolean, indentless: boolean): Key {
  const { s, c } = p;
  const token = peek(s);
  if (token.type === SCALAR) {
    dropToken(s);
    return keyOf(p, token, "", token.plain);
  }
  if (token.type === ALIAS) {
    dropToken(s);
    return keyOfValue(p, aliasValue(c, token.value, token), token);
  }
  c.decoded++;
  if (token.type === ANCHOR || token.type === TAG) {
    return parseProperties(p, token, block, indentless, true) as Key;
  }
  return keyOfValue(p, parseCollection(p, token, block, indentless), token);
}

function keyOf(p: Parser, token: Token, tag: string, implicit: boolean): Key {
  if (isMergeKey(token.value, tag, implicit)) return MERGE;
  p.c.decoded++;
  return composeKey(p.c, token.value, tag, implicit, token);
}

/** The key that an alias or a collection is: the latter never can be one. */
function keyOfValue(p: Parser, value: unknown, token: Token): string | BadKey {
  if (typeof value === "object" && value !== null) {
    failDecode(p.c, `invalid map key: ${goSyntax(value)}`, token);
    return "";
  }
  if (typeof value === "string") return value;
  return composeKey(p.c, value === null ? "" : String(value), "", true, token);
}

/** A node with an anchor, a tag or both, in either order. */
function parseProperties(p: Parser, start: Token, block: boolean, indentless: boolean, isKey: boolean): unknown {
  const { s, c } = p;
  let anchor: Anchor | undefined;
  let tagToken: Token | undefined;
  let token = start;
  for (let i = 0; i < 2; i++) {
    if (token.type === ANCHOR && anchor === undefined) anchor = beginAnchor(c, token.value);
    else if (token.type === TAG && tagToken === undefined) tagToken = token;
    else break;
    dropToken(s);
    token = peek(s);
  }
  const tag = tagToken === undefined ? "" : tagOf(p.directives, tagToken);
  const hasScalar = token.type === SCALAR;
  let value: unknown;
  if (hasScalar) dropToken(s);
  if (hasScalar || !startsCollection(token.type, block, indentless)) {
    const text = hasScalar ? token.value : "";
    const implicit = hasScalar ? (tag === "" && token.plain) || tag === "!" : tag === "";
    if (isKey && isMergeKey(text, tag, implicit)) return MERGE;
    value = isKey ? composeKey(c, text, tag, implicit, token) : composeScalar(c, text, tag, implicit, token);
  } else {
    value = parseCollection(p, token, block, indentless);
    if (isKey) value = keyOfValue(p, value, token);
  }
  if (anchor !== undefined) endAnchor(c, anchor, value);
  p.wasAlias = false;
  return value;
}

function startsCollection(type: number, block: boolean, indentless: boolean): boolean {
  if (type === FLOW_SEQUENCE_START || type === FLOW_MAPPING_START) return true;
  if (type === BLOCK_ENTRY) return indentless;
  return block && (type === BLOCK_SEQUENCE_START || type === BLOCK_MAPPING_START);
}

function parseCollection(p: Parser, token: Token, block: boolean, indentless: boolean): unknown {
  if (!startsCollection(token.type, block, indentless)) {
    throw parserError(token, "did not find expected node content");
  }
  enter(p.c, token);
  let value: Container;
  switch (token.type) {
    case BLOCK_MAPPING_START:
      value = parseBlockMapping(p);
      break;
    case BLOCK_SEQUENCE_START:
      value = parseBlockSequence(p);
      break;
    case BLOCK_ENTRY:
      value = parseIndentlessSequence(p);
      break;
    case FLOW_MAPPING_START:
      value = parseFlowMapping(p);
      break;
    default:
      value = parseFlowSequence(p);
  }
  p.c.depth--;
  return value;
}

function parseBlockSequence(p: Parser): unknown[] {
  const { s } = p;
  const list: unknown[] = [];
  dropToken(s);
  for (;;) {
    const token = peek(s);
    if (token.type === BLOCK_END) break;
    if (token.type !== BLOCK_ENTRY) throw parserError(token, "did not find expected '-' indicator");
    dropToken(s);
    const item = peek(s);
    notePlace(p.c, list, list.length, item);
    const isEmpty = item.type === BLOCK_ENTRY || item.type === BLOCK_END;
    list.push(isEmpty ? emptyValue(p) : parseNode(p, true, false));
  }
  dropToken(s);
  return list;
}

function parseIndentlessSequence(p: Parser): unknown[] {
  const { s } = p;
  const list: unknown[] = [];
  while (peek(s).type === BLOCK_ENTRY) {
    dropToken(s);
    const item = peek(s);
    notePlace(p.c, list, list.length, item);
    const isEmpty = item.type === BLOCK_ENTRY || endsEntry(item.type);
    list.push(isEmpty ? emptyValue(p) : parseNode(p, true, false));
  }
  return list;
}

function endsEntry(type: number): boolean {
  return type === KEY || type === VALUE || type === BLOCK_END;
}

type Entry = { target: Container; key: Key; keyToken: Token; value: unknown; valueLine: number };

function put(p: Parser, entry: Entry): void {
  const { key } = entry;
  if (key === MERGE) mergeInto(p.c, entry.target, entry.value, p.wasAlias);
  else if (key instanceof BadKey) {
    key.value = entry.value;
    p.c.badKeys.set(entry.target, key);
  } else if (p.c.strict || p.c.places !== undefined) putEntry(p.c, { ...entry, key });
  else setEntry(entry.target, key, entry.value);
}

function parseBlockMapping(p: Parser): Container {
  const { s } = p;
  const map = newMapping(p.c);
  dropToken(s);
  for (;;) {
    let token = peek(s);
    if (token.type === BLOCK_END) break;
    if (token.type !== KEY) throw parserError(token, "did not find expected key");
    const keyToken = token;
    dropToken(s);
    token = peek(s);
    const key = endsEntry(token.type) ? emptyKey(p, token) : parseKeyNode(p, true, true);
    token = peek(s);
    let value: unknown;
    if (token.type === VALUE) {
      dropToken(s);
      token = peek(s);
      value = endsEntry(token.type) ? emptyValue(p) : parseNode(p, true, true);
    } else {
      value = emptyValue(p);
    }
    put(p, { target: map, key, keyToken, value, valueLine: token.line });
  }
  dropToken(s);
  return map;
}

function emptyKey(p: Parser, token: Token): Key {
  p.c.decoded++;
  return composeKey(p.c, "", "", true, token);
}

function parseFlowSequence(p: Parser): unknown[] {
  const { s } = p;
  const list: unknown[] = [];
  dropToken(s);
  let first = true;
  for (;;) {
    let token = peek(s);
    if (token.type === FLOW_SEQUENCE_END) break;
    if (!first) {
      if (token.type !== FLOW_ENTRY) throw parserError(token, "did not find expected ',' or ']'");
      dropToken(s);
      token = peek(s);
      if (token.type === FLOW_SEQUENCE_END) break;
    }
    first = false;
    notePlace(p.c, list, list.length, token);
    list.push(token.type === KEY ? parseSinglePair(p, token) : parseNode(p, false, false));
  }
  dropToken(s);
  return list;
}

/** `[a: b]`, a mapping of one pair. What ends a missing key is skipped with it: libyaml does so by mistake. */
function parseSinglePair(p: Parser, start: Token): Container {
  const { s } = p;
  enter(p.c, start);
  p.c.decoded++;
  const map = newMapping(p.c);
  dropToken(s);
  let token = peek(s);
  let key: Key;
  if (token.type === VALUE || token.type === FLOW_ENTRY || token.type === FLOW_SEQUENCE_END) {
    dropToken(s);
    key = emptyKey(p, token);
  } else {
    key = parseKeyNode(p, false, false);
  }
  let value: unknown = null;
  token = peek(s);
  if (token.type === VALUE) {
    dropToken(s);
    token = peek(s);
    const isEmpty = token.type === FLOW_ENTRY || token.type === FLOW_SEQUENCE_END;
    value = isEmpty ? emptyValue(p) : parseNode(p, false, false);
  } else {
    value = emptyValue(p);
  }
  put(p, { target: map, key, keyToken: start, value, valueLine: token.line });
  p.c.depth--;
  return map;
}

function parseFlowMapping(p: Parser): Container {
  const { s } = p;
  const map = newMapping(p.c);
  dropToken(s);
  let first = true;
  for (;;) {
    let token = peek(s);
    if (token.type === FLOW_MAPPING_END) break;
    if (!first) {
      if (token.type !== FLOW_ENTRY) throw parserError(token, "did not find expected ',' or '}'");
      dropToken(s);
      token = peek(s);
      if (token.type === FLOW_MAPPING_END) break;
    }
    first = false;
    parseFlowPair(p, map, token);
  }
  dropToken(s);
  return map;
}

function parseFlowPair(p: Parser, map: Container, start: Token): void {
  const { s } = p;
  let token = start;
  let key: Key;
  let value: unknown;
  if (start.type !== KEY) {
    // `{a}`: a key alone, and libyaml doesn't look whether a value follows.
    key = parseKeyNode(p, false, false);
    value = emptyValue(p);
  } else {
    dropToken(s);
    token = peek(s);
    key = endsPair(token.type) ? emptyKey(p, token) : parseKeyNode(p, false, false);
    token = peek(s);
    if (token.type === VALUE) {
      dropToken(s);
      token = peek(s);
      const isEmpty = token.type === FLOW_ENTRY || token.type === FLOW_MAPPING_END;
      value = isEmpty ? emptyValue(p) : parseNode(p, false, false);
    } else {
      value = emptyValue(p);
    }
  }
  put(p, { target: map, key, keyToken: start, value, valueLine: token.line });
}

function endsPair(type: number): boolean {
  return type === VALUE || type === FLOW_ENTRY || type === FLOW_MAPPING_END;
}
