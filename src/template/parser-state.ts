import type { Head } from "./action-head.ts";
import { keywords, type Lexer, type Token, type TokenType } from "./lexer.ts";
import type { ListNode, OperandNode, Source, Tree } from "./nodes.ts";
import { quote, unquote } from "./quote.ts";
import { lineOf, parseError } from "./template-error.ts";

export type KnownFunctions = { has(name: string): boolean; names(): Iterable<string> };

// Deeper nesting than any chart has would overflow the stack before Go's limit of 10000.
export const maxNesting = 1000;

/** What is the same for a text's own template and for those that it defines. */
export type Shared = {
  source: Source;
  lexer: Lexer;
  functions: KnownFunctions;
  trees: Map<string, Tree>;
  /** The heads that were read in this text and in others with the same functions. */
  heads: Map<string, Head>;
  nesting: number;
  /** Those of the commands that are being read: a list of its own for each would keep room for many more. */
  operands: OperandNode[];
  /** Those of the lists that are being read, likewise. */
  parts: ListNode["nodes"];
};

/** A template that is being parsed; `tokens` are Go's three of look-ahead, the newest first. */
export type Parser = Shared & {
  shared: Shared;
  tokens: [Token, Token, Token];
  peekCount: number;
  vars: string[];
  /** Where the `{{` of the newest action stands. */
  start: number;
  actionPos: number | undefined;
  /** Variables from outside that the action uses. */
  used: string[];
  /** How many of `vars` the action has not declared itself. */
  outerVars: number;
  rangeDepth: number;
};

export function startParser(shared: Shared): Parser {
  const none: Token = { type: "eof", pos: 0, val: "", spaced: false };
  return {
    ...shared,
    shared,
    tokens: [none, none, none],
    peekCount: 0,
    vars: ["$"],
    start: 0,
    actionPos: undefined,
    used: [],
    outerVars: 0,
    rangeDepth: 0,
  };
}

/** Go names the line of the newest token; the caret stands under the one that is wrong. */
export function fail(p: Parser, reason: string, { hint, at }: { hint?: string | undefined; at?: Token } = {}): never {
  const newest = p.tokens[0];
  throw parseError(p.source, reason, { linePos: newest.pos, pos: (at ?? newest).pos, hint });
}

export function next(p: Parser): Token {
  if (p.peekCount > 0) p.peekCount--;
  else p.tokens[0] = p.lexer.next();
  return p.tokens[p.peekCount] ?? p.tokens[0];
}

export function peek(p: Parser): Token {
  if (p.peekCount > 0) return p.tokens[p.peekCount - 1] ?? p.tokens[0];
  p.peekCount = 1;
  p.tokens[0] = p.lexer.next();
  return p.tokens[0];
}

export function backup(p: Parser): void {
  p.peekCount++;
}

export function backup2(p: Parser, token: Token): void {
  p.tokens[1] = token;
  p.peekCount = 2;
}

export function expect(p: Parser, type: TokenType, context: string): Token {
  const token = next(p);
  return token.type === type ? token : unexpected(p, token, context);
}

export function unexpected(p: Parser, token: Token, context: string): never {
  if (token.type !== "error") return fail(p, `unexpected ${tokenText(token)} in ${context}`, { at: token });
  const line = p.actionPos === undefined ? undefined : lineOf(p.source, p.actionPos);
  if (line === undefined || line === lineOf(p.source, token.pos)) return fail(p, token.val);
  const started = `started at ${p.source.name}:${line}`;
  return fail(p, token.val.endsWith(" action") ? `${token.val} ${started}` : `${token.val} in action ${started}`);
}

const keywordTokens: ReadonlySet<string> = new Set([...keywords, "dot"]);

function tokenText({ type, val }: Token): string {
  if (type === "eof") return "EOF";
  if (keywordTokens.has(type)) return `<${val}>`;
  // Go has a token for each field.
  const text = type === "field" ? val.replace(/(?<=.)\..*/s, "") : val;
  return Buffer.byteLength(text) > 10 ? `${quote([...text].slice(0, 10).join(""))}...` : quote(text);
}

export function unquoted(p: Parser, token: Token): string {
  return unquote(token.val) ?? fail(p, "invalid syntax", { at: token });
}
