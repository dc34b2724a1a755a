import { branchHead, type Head, readHead } from "./action-head.ts";
import { createLexer, type Token } from "./lexer.ts";
import { nodeText } from "./node-text.ts";
import type { BodyNode, BranchNode, CloserNode, ListNode, PipeNode, Source, Tree } from "./nodes.ts";
import {
  expect,
  fail,
  type KnownFunctions,
  maxNesting,
  next,
  type Parser,
  peek,
  type Shared,
  startParser,
  unexpected,
  unquoted,
} from "./parser-state.ts";
import { quote } from "./quote.ts";
import { lineOf } from "./template-error.ts";

const definition = /\{\{-?\s*define/y;

/** Parses a text into its own template and those that it defines; an empty one never replaces another. */
export function parseTemplate(
  source: Source,
  functions: KnownFunctions,
  heads = new Map<string, Head>(),
): {
  main: Tree;
  trees: Map<string, Tree>;
} {
  const lexer = createLexer(source.text, {
    breakOk: !functions.has("break"),
    continueOk: !functions.has("continue"),
  });
  const shared: Shared = { source, lexer, functions, trees: new Map(), heads, nesting: 0, operands: [], parts: [] };
  const parser = startParser(shared);
  const main: Tree = { name: source.name, root: parseTop(parser) };
  addTree(parser, main);
  return { main, trees: shared.trees };
}

function parseTop(p: Parser): ListNode {
  let token = next(p);
  const { pos } = token;
  const { parts } = p.shared;
  const from = parts.length;
  for (; token.type !== "eof"; token = next(p)) {
    if (token.type === "leftDelim" && isDefinition(p, token)) {
      next(p);
      parseDefinition(startParser(p.shared));
      continue;
    }
    const node = textOrAction(p, token);
    if (isCloser(node)) return fail(p, `unexpected ${nodeText(node)}`);
    parts.push(node);
  }
  return listNode(p, pos, parts.splice(from));
}

/** Whether `define` is the action's first word; if so it has been seen, and is still to be taken. */
function isDefinition(p: Parser, delim: Token): boolean {
  definition.lastIndex = delim.pos;
  return definition.test(p.source.text) && peek(p).type === "define";
}

function isCloser(node: string | BodyNode | CloserNode): node is CloserNode {
  return typeof node !== "string" && (node.type === "end" || node.type === "else");
}

function listNode(p: Parser, pos: number, nodes: ListNode["nodes"]): ListNode {
  return { type: "list", pos, source: p.source, nodes };
}

function parseDefinition(p: Parser): void {
  const context = "define clause";
  const token = next(p);
  if (token.type !== "string" && token.type !== "rawString") unexpected(p, token, context);
  const name = unquoted(p, token);
  expect(p, "rightDelim", context);
  parseBody(p, name, context);
}

function parseBody(p: Parser, name: string, context: string): void {
  const { list, closer } = itemList(p);
  if (closer.type !== "end") fail(p, `unexpected ${nodeText(closer)} in ${context}`);
  addTree(p, { name, root: list });
}

function addTree(p: Parser, tree: Tree): void {
  const old = p.trees.get(tree.name);
  if (old === undefined || isEmptyTree(old.root)) p.trees.set(tree.name, tree);
  else if (!isEmptyTree(tree.root)) fail(p, `template: multiple definition of template ${quote(tree.name)}`);
}

/** Whether a template prints nothing but space, so that it does not replace one of the same name. */
export function isEmptyTree(root: ListNode): boolean {
  return root.nodes.every((node) => typeof node === "string" && isBlank(node));
}

// Go's TrimSpace trims U+0085 too, and U+FEFF not.
function isBlank(text: string): boolean {
  return /^[\s\u0085]*$/.test(text) && !text.includes("\ufeff");
}

function itemList(p: Parser): { list: ListNode; closer: CloserNode } {
  let token = next(p);
  const { pos } = token;
  const { parts } = p.shared;
  const from = parts.length;
  if (++p.shared.nesting > maxNesting) fail(p, `blocks are nested more than ${maxNesting} deep`);
  for (; token.type !== "eof"; token = next(p)) {
    const node = textOrAction(p, token);
    if (isCloser(node)) {
      p.shared.nesting--;
      return { list: listNode(p, pos, parts.splice(from)), closer: node };
    }
    parts.push(node);
  }
  const opened = lineOf(p.source, pos);
  return fail(p, "unexpected EOF", {
    hint: `The block that line ${opened} opens is not closed: each if, range, with, define and block needs its {{ end }}.`,
  });
}

function textOrAction(p: Parser, token: Token): string | BodyNode | CloserNode {
  if (token.type === "text") return token.val;
  if (token.type !== "leftDelim") return unexpected(p, token, "input");
  p.actionPos = p.start = token.pos;
  const variables = p.vars.length;
  const node = body(p, readHead(p), variables);
  p.actionPos = undefined;
  return node;
}

/** The node that an action begins, with all that lies between it and its `end`. */
function body(p: Parser, head: Head, variables: number): BodyNode | CloserNode {
  const { source, start } = p;
  const pos = start + head.pos;
  switch (head.type) {
    case "action":
      return { type: "action", pos, source, start, pipe: head.pipe };
    case "if":
    case "range":
    case "with":
      return branch(p, head.type, head.pipe, variables);
    case "template":
      return { type: "template", pos, source, start, name: head.name, pipe: head.pipe };
    case "block":
      parseBody(startParser(p.shared), head.name, "block clause");
      return { type: "template", pos, source, start, name: head.name, pipe: head.pipe };
    case "else":
      return { type: "else", pos, source };
    default:
      return { type: head.type, pos, source };
  }
}

/** Behind its block the variables are forgotten that its pipeline declares. */
function branch(p: Parser, type: BranchNode["type"], pipe: PipeNode, variables: number): BranchNode {
  const { source, start } = p;
  if (type === "range") p.rangeDepth++;
  const { list, closer } = itemList(p);
  if (type === "range") p.rangeDepth--;
  const elseList = closer.type === "else" ? elseBranch(p, type, closer) : undefined;
  if (p.vars.length > variables) p.vars.length = variables;
  return { type, pos: start + pipe.pos, source, start, pipe, list, elseList };
}

// `{{else if}}` is an if inside the else, and shares its {{end}}.
function elseBranch(p: Parser, type: BranchNode["type"], closer: CloserNode): ListNode {
  if (type !== "range" && p.peekCount > 0 && peek(p).type === type) {
    next(p);
    if (++p.shared.nesting > maxNesting) fail(p, `blocks are nested more than ${maxNesting} deep`);
    const variables = p.vars.length;
    const { pipe } = branchHead(p, type);
    const inside = branch(p, type, pipe, variables);
    p.shared.nesting--;
    return listNode(p, closer.pos, [inside]);
  }
  const { list, closer: end } = itemList(p);
  if (end.type !== "end") fail(p, `expected end; found ${nodeText(end)}`);
  return list;
}
