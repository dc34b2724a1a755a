import type { Token } from "./lexer.ts";
import type { PipeNode } from "./nodes.ts";
import { pipeline } from "./parse-pipeline.ts";
import { backup, expect, fail, next, type Parser, peek, unexpected, unquoted } from "./parser-state.ts";
import { none, simpleHead } from "./simple-head.ts";

/** What one action says between its delimiters; positions count from its `{{`. */
export type Head = { pos: number; used: readonly string[]; declared: readonly string[] } & (
  | { type: "action" | "if" | "range" | "with"; pipe: PipeNode }
  | { type: "block"; name: string; pipe: PipeNode }
  | { type: "template"; name: string; pipe: PipeNode | undefined }
  /** `chained` before an `if` or a `with` that is still to be read. */
  | { type: "end" | "else"; chained: boolean }
  | { type: "break" | "continue" }
);

// Longer ones rarely come twice.
const longestKnown = 300;

/**
 * Reads an action up to its right delimiter. Charts have the same few actions again and again: what one was read to serves
 * for all of the same text where the variables that it uses are visible.
 */
export function readHead(p: Parser): Head {
  p.outerVars = p.vars.length;
  if (p.used.length > 0) p.used = [];
  // A second `$` hides the first.
  const end = p.peekCount > 0 || p.vars.lastIndexOf("$") > 0 ? -1 : endOf(p);
  if (end < 0) return parseHead(p);
  const text = p.source.text.slice(p.start, end);
  const known = p.heads.get(text);
  if (known !== undefined && areVisible(p, known.used)) {
    if (known.declared.length > 0) p.vars.push(...known.declared);
    p.tokens[0] = p.lexer.skipAction(end);
    return known;
  }
  const head = readSimple(p, text, end) ?? parseHead(p);
  if (endsAt(p, end) && head.type !== "break" && head.type !== "continue") remember(p, text, head);
  return head;
}

// Most actions use none, and this is asked for each.
function areVisible({ vars }: Parser, names: readonly string[]): boolean {
  for (let at = 0; at < names.length; at++) if (!vars.includes(names[at] as string)) return false;
  return true;
}

// Lexing a text that begins as one that was read before goes the same way, so the first `}}` ends it again.
function endOf({ source, start }: Parser): number {
  const { text } = source;
  const isRaw = text.startsWith("`", start + 2);
  const close = text.indexOf("}}", isRaw ? text.indexOf("`", start + 3) : start + 2);
  return close < 0 || close - start > longestKnown ? -1 : close + 2;
}

function endsAt({ peekCount, tokens }: Parser, end: number): boolean {
  return peekCount === 0 && tokens[0].type === "rightDelim" && tokens[0].pos === end - 2;
}

function readSimple(p: Parser, text: string, end: number): Head | undefined {
  const head = simpleHead(p, text);
  if (head !== undefined) p.tokens[0] = p.lexer.skipAction(end);
  return head;
}

function remember(p: Parser, text: string, head: Head): void {
  if (p.used.length > 0) head.used = p.used.slice();
  if (p.vars.length > p.outerVars) head.declared = p.vars.slice(p.outerVars);
  if ("pipe" in head && head.pipe !== undefined) {
    head.pipe.isClosed = head.used === none && head.declared === none;
  }
  p.heads.set(text, head);
}

function parseHead(p: Parser): Head {
  const token = next(p);
  switch (token.type) {
    case "block":
      return namedHead(p, "block");
    case "break":
    case "continue":
      return jumpHead(p, token, token.type);
    case "else":
      return elseHead(p);
    case "end":
      return { type: "end", chained: false, ...within(p, expect(p, "rightDelim", "end").pos) };
    case "if":
    case "range":
    case "with":
      return branchHead(p, token.type);
    case "template":
      return namedHead(p, "template");
  }
  backup(p);
  const { pos } = peek(p);
  return { type: "action", pipe: pipeline(p, "command", "rightDelim"), ...within(p, pos) };
}

function within(p: Parser, pos: number): Pick<Head, "pos" | "used" | "declared"> {
  return { pos: pos - p.start, used: none, declared: none };
}

/** What stands behind `if`, `range` or `with`. */
export function branchHead(p: Parser, type: "if" | "range" | "with"): Head & { pipe: PipeNode } {
  const pipe = pipeline(p, type, "rightDelim");
  return { type, pipe, pos: pipe.pos, used: none, declared: none };
}

function jumpHead(p: Parser, token: Token, type: "break" | "continue"): Head {
  const after = next(p);
  if (after.type !== "rightDelim") unexpected(p, after, `{{${type}}}`);
  if (p.rangeDepth === 0) fail(p, `{{${type}}} outside {{range}}`);
  return { type, ...within(p, token.pos) };
}

function elseHead(p: Parser): Head {
  const token = peek(p);
  if (token.type === "if" || token.type === "with") return { type: "else", chained: true, ...within(p, token.pos) };
  return { type: "else", chained: false, ...within(p, expect(p, "rightDelim", "else").pos) };
}

function namedHead(p: Parser, type: "block" | "template"): Head {
  const context = `${type} clause`;
  const token = next(p);
  if (token.type !== "string" && token.type !== "rawString") unexpected(p, token, context);
  const named = { name: unquoted(p, token), ...within(p, token.pos) };
  if (type === "block") return { type, pipe: pipeline(p, context, "rightDelim"), ...named };
  if (next(p).type === "rightDelim") return { type, pipe: undefined, ...named };
  backup(p);
  return { type, pipe: pipeline(p, context, "rightDelim"), ...named };
}
