import { nearestName } from "../base/nearest-name.ts";
import { createLexer, type Lexer, type Token, type TokenType } from "./lexer.ts";
import { nodeText } from "./node-text.ts";
import type {
  BodyNode,
  BranchNode,
  CloserNode,
  CommandNode,
  ListNode,
  OperandNode,
  PipeNode,
  Source,
  Tree,
  VariableNode,
} from "./nodes.ts";
import { parseCharConstant, parseNumber } from "./number.ts";
import { quote, unquote } from "./quote.ts";
import { lineOf, parseError } from "./template-error.ts";

export type KnownFunctions = { has(name: string): boolean; names(): Iterable<string> };

// Deeper nesting than any chart has would overflow the stack before Go's limit of 10000.
const maxNesting = 1000;

const operandStarts: ReadonlySet<TokenType> = new Set<TokenType>([
  "bool",
  "charConstant",
  "complex",
  "dot",
  "field",
  "identifier",
  "number",
  "nil",
  "rawString",
  "string",
  "variable",
  "leftParen",
]);
const notExecutable: ReadonlySet<string> = new Set(["bool", "dot", "nil", "number", "string"]);
const noFieldsOn: ReadonlySet<string> = new Set(["bool", "string", "number", "nil", "dot"]);

/** What is the same for a text's own template and for those that it defines. */
type Shared = {
  source: Source;
  lexer: Lexer;
  functions: KnownFunctions;
  trees: Map<string, Tree>;
  nesting: number;
  /** Those of the commands that are being read: a list of its own for each would keep room for many more. */
  operands: OperandNode[];
};

/** A template that is being parsed; `tokens` are Go's three of look-ahead, the newest first. */
type Parser = Shared & {
  shared: Shared;
  tokens: [Token, Token, Token];
  peekCount: number;
  vars: string[];
  actionPos: number | undefined;
  rangeDepth: number;
};

/** Parses a text into its own template and those that it defines; an empty one never replaces another. */
export function parseTemplate(source: Source, functions: KnownFunctions): { main: Tree; trees: Map<string, Tree> } {
  const lexer = createLexer(source.text, {
    breakOk: !functions.has("break"),
    continueOk: !functions.has("continue"),
  });
  const shared: Shared = { source, lexer, functions, trees: new Map(), nesting: 0, operands: [] };
  const parser = startParser(shared);
  const main: Tree = { name: source.name, root: parseTop(parser) };
  addTree(parser, main);
  return { main, trees: shared.trees };
}

function startParser(shared: Shared): Parser {
  const none: Token = { type: "eof", pos: 0, val: "" };
  return {
    ...shared,
    shared,
    tokens: [none, none, none],
    peekCount: 0,
    vars: ["$"],
    actionPos: undefined,
    rangeDepth: 0,
  };
}

/** Go names the line of the newest token; the caret stands under the one that is wrong. */
function fail(p: Parser, reason: string, { hint, at }: { hint?: string | undefined; at?: Token } = {}): never {
  const newest = p.tokens[0];
  throw parseError(p.source, reason, { linePos: newest.pos, pos: (at ?? newest).pos, hint });
}

function next(p: Parser): Token {
  if (p.peekCount > 0) p.peekCount--;
  else p.tokens[0] = p.lexer.next();
  return p.tokens[p.peekCount] ?? p.tokens[0];
}

function peek(p: Parser): Token {
  if (p.peekCount > 0) return p.tokens[p.peekCount - 1] ?? p.tokens[0];
  p.peekCount = 1;
  p.tokens[0] = p.lexer.next();
  return p.tokens[0];
}

function backup(p: Parser): void {
  p.peekCount++;
}

function backup2(p: Parser, token: Token): void {
  p.tokens[1] = token;
  p.peekCount = 2;
}

function nextNonSpace(p: Parser): Token {
  let token = next(p);
  while (token.type === "space") token = next(p);
  return token;
}

function peekNonSpace(p: Parser): Token {
  const token = nextNonSpace(p);
  backup(p);
  return token;
}

function expect(p: Parser, type: TokenType, context: string): Token {
  const token = nextNonSpace(p);
  return token.type === type ? token : unexpected(p, token, context);
}

function unexpected(p: Parser, token: Token, context: string): never {
  if (token.type !== "error") return fail(p, `unexpected ${tokenText(token)} in ${context}`, { at: token });
  const line = p.actionPos === undefined ? undefined : lineOf(p.source, p.actionPos);
  if (line === undefined || line === lineOf(p.source, token.pos)) return fail(p, token.val);
  const started = `started at ${p.source.name}:${line}`;
  return fail(p, token.val.endsWith(" action") ? `${token.val} ${started}` : `${token.val} in action ${started}`);
}

const keywordTokens: ReadonlySet<TokenType> = new Set<TokenType>([
  "block",
  "break",
  "continue",
  "define",
  "dot",
  "else",
  "end",
  "if",
  "nil",
  "range",
  "template",
  "with",
]);

function tokenText(token: Token): string {
  if (token.type === "eof") return "EOF";
  if (keywordTokens.has(token.type)) return `<${token.val}>`;
  const isLong = Buffer.byteLength(token.val) > 10;
  return isLong ? `${quote([...token.val].slice(0, 10).join(""))}...` : quote(token.val);
}

function parseTop(p: Parser): ListNode {
  const root = listNode(p, peek(p).pos);
  while (peek(p).type !== "eof") {
    if (peek(p).type === "leftDelim") {
      const delim = next(p);
      if (nextNonSpace(p).type === "define") {
        parseDefinition(startParser(p.shared));
        continue;
      }
      backup2(p, delim);
    }
    const node = textOrAction(p);
    if (isCloser(node)) return fail(p, `unexpected ${nodeText(node)}`);
    root.nodes.push(node);
  }
  return root;
}

function isCloser(node: BodyNode | CloserNode): node is CloserNode {
  return node.type === "end" || node.type === "else";
}

function listNode(p: Parser, pos: number): ListNode {
  return { type: "list", pos, source: p.source, nodes: [] };
}

function parseDefinition(p: Parser): void {
  const context = "define clause";
  const token = nextNonSpace(p);
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

function unquoted(p: Parser, token: Token): string {
  return unquote(token.val) ?? fail(p, "invalid syntax", { at: token });
}

function addTree(p: Parser, tree: Tree): void {
  const old = p.trees.get(tree.name);
  if (old === undefined || isEmptyTree(old.root)) p.trees.set(tree.name, tree);
  else if (!isEmptyTree(tree.root)) fail(p, `template: multiple definition of template ${quote(tree.name)}`);
}

/** Whether a template prints nothing but space, so that it does not replace one of the same name. */
export function isEmptyTree(root: ListNode): boolean {
  return root.nodes.every((node) => node.type === "text" && isBlank(node.text));
}

// Go's TrimSpace trims U+0085 too, and U+FEFF not.
function isBlank(text: string): boolean {
  return /^[\s\u0085]*$/.test(text) && !text.includes("\ufeff");
}

function itemList(p: Parser): { list: ListNode; closer: CloserNode } {
  const list = listNode(p, peekNonSpace(p).pos);
  if (++p.shared.nesting > maxNesting) fail(p, `blocks are nested more than ${maxNesting} deep`);
  while (peekNonSpace(p).type !== "eof") {
    const node = textOrAction(p);
    if (isCloser(node)) {
      p.shared.nesting--;
      return { list, closer: node };
    }
    list.nodes.push(node);
  }
  const opened = lineOf(p.source, list.pos);
  return fail(p, "unexpected EOF", {
    hint: `The block that line ${opened} opens is not closed: each if, range, with, define and block needs its {{ end }}.`,
  });
}

function textOrAction(p: Parser): BodyNode | CloserNode {
  const token = nextNonSpace(p);
  if (token.type === "text") return { type: "text", pos: token.pos, source: p.source, text: token.val };
  if (token.type !== "leftDelim") return unexpected(p, token, "input");
  p.actionPos = token.pos;
  const node = action(p);
  p.actionPos = undefined;
  return node;
}

function action(p: Parser): BodyNode | CloserNode {
  const token = nextNonSpace(p);
  switch (token.type) {
    case "block":
      return blockControl(p);
    case "break":
    case "continue":
      return jumpControl(p, token, token.type);
    case "else":
      return elseControl(p);
    case "end":
      return { type: "end", pos: expect(p, "rightDelim", "end").pos, source: p.source };
    case "if":
    case "range":
    case "with":
      return branchControl(p, token.type);
    case "template":
      return templateControl(p);
  }
  backup(p);
  const { pos } = peek(p);
  return { type: "action", pos, source: p.source, pipe: pipeline(p, "command", "rightDelim") };
}

function jumpControl(p: Parser, token: Token, type: "break" | "continue"): BodyNode {
  const after = nextNonSpace(p);
  if (after.type !== "rightDelim") unexpected(p, after, `{{${type}}}`);
  if (p.rangeDepth === 0) fail(p, `{{${type}}} outside {{range}}`);
  return { type, pos: token.pos, source: p.source };
}

// `else if` and `else with` leave their second word for branchControl.
function elseControl(p: Parser): CloserNode {
  const token = peekNonSpace(p);
  if (token.type === "if" || token.type === "with") return { type: "else", pos: token.pos, source: p.source };
  return { type: "else", pos: expect(p, "rightDelim", "else").pos, source: p.source };
}

function branchControl(p: Parser, type: BranchNode["type"]): BranchNode {
  const variables = p.vars.length;
  const pipe = pipeline(p, type, "rightDelim");
  if (type === "range") p.rangeDepth++;
  const { list, closer } = itemList(p);
  if (type === "range") p.rangeDepth--;
  const elseList = closer.type === "else" ? elseBranch(p, type, closer) : undefined;
  p.vars.length = variables;
  return { type, pos: pipe.pos, source: p.source, pipe, list, elseList };
}

// `{{else if}}` is an if inside the else, and shares its {{end}}.
function elseBranch(p: Parser, type: BranchNode["type"], closer: CloserNode): ListNode {
  if (type !== "range" && peek(p).type === type) {
    next(p);
    if (++p.shared.nesting > maxNesting) fail(p, `blocks are nested more than ${maxNesting} deep`);
    const list = listNode(p, closer.pos);
    list.nodes.push(branchControl(p, type));
    p.shared.nesting--;
    return list;
  }
  const { list, closer: end } = itemList(p);
  if (end.type !== "end") fail(p, `expected end; found ${nodeText(end)}`);
  return list;
}

function blockControl(p: Parser): BodyNode {
  const context = "block clause";
  const token = nextNonSpace(p);
  const name = templateName(p, token, context);
  const pipe = pipeline(p, context, "rightDelim");
  parseBody(startParser(p.shared), name, context);
  return { type: "template", pos: token.pos, source: p.source, name, pipe };
}

function templateControl(p: Parser): BodyNode {
  const context = "template clause";
  const token = nextNonSpace(p);
  const name = templateName(p, token, context);
  let pipe: PipeNode | undefined;
  if (nextNonSpace(p).type !== "rightDelim") {
    backup(p);
    pipe = pipeline(p, context, "rightDelim");
  }
  return { type: "template", pos: token.pos, source: p.source, name, pipe };
}

function templateName(p: Parser, token: Token, context: string): string {
  return token.type === "string" || token.type === "rawString" ? unquoted(p, token) : unexpected(p, token, context);
}

function pipeline(p: Parser, context: string, end: "rightDelim" | "rightParen"): PipeNode {
  const { pos } = peekNonSpace(p);
  const pipe: PipeNode = { type: "pipe", pos, source: p.source, isAssign: false, decl: [], cmds: [] };
  while (declaration(p, pipe, context));
  for (;;) {
    const token = nextNonSpace(p);
    if (token.type === end) break;
    if (!operandStarts.has(token.type)) unexpected(p, token, context);
    backup(p);
    const stage = command(p);
    if (pipe.cmds.length === 0) pipe.cmds = [stage];
    else pipe.cmds.push(stage);
  }
  checkPipeline(p, pipe, context);
  return pipe;
}

/** Reads `$x :=`, `$x =` or, in a range, `$i,`: then another variable follows, and the answer is true. */
function declaration(p: Parser, pipe: PipeNode, context: string): boolean {
  const variable = peekNonSpace(p);
  if (variable.type !== "variable") return false;
  next(p);
  // Space is a token: `$x foo` needs three of them before it is known to be no declaration.
  const after = peek(p);
  const sign = peekNonSpace(p);
  if (sign.type === "assign" || sign.type === "declare") {
    pipe.isAssign = sign.type === "assign";
    nextNonSpace(p);
    declare(p, pipe, variable);
    return false;
  }
  if (sign.type === "char" && sign.val === ",") {
    nextNonSpace(p);
    declare(p, pipe, variable);
    if (context !== "range" || pipe.decl.length >= 2) fail(p, `too many declarations in ${context}`);
    const { type } = peekNonSpace(p);
    if (type === "variable" || type === "rightDelim" || type === "rightParen") return true;
    fail(p, "range can only initialize variables");
  }
  if (after.type === "space") {
    p.tokens[1] = after;
    p.tokens[2] = variable;
    p.peekCount = 3;
  } else backup2(p, variable);
  return false;
}

function declare(p: Parser, pipe: PipeNode, token: Token): void {
  pipe.decl.push(variableNode(p, token.pos, token.val));
  p.vars.push(token.val);
}

function variableNode(p: Parser, pos: number, text: string): VariableNode {
  return { type: "variable", pos, source: p.source, idents: [text] };
}

function checkPipeline(p: Parser, pipe: PipeNode, context: string): void {
  if (pipe.cmds.length === 0) fail(p, `missing value for ${context}`);
  for (let stage = 1; stage < pipe.cmds.length; stage++) {
    const command = pipe.cmds[stage];
    if (command !== undefined && notExecutable.has(command.args[0].type)) {
      fail(p, `non executable command in pipeline stage ${stage + 1}`);
    }
  }
}

function command(p: Parser): CommandNode {
  const { pos } = peekNonSpace(p);
  const { operands } = p.shared;
  const from = operands.length;
  for (;;) {
    peekNonSpace(p);
    const node = operand(p);
    if (node !== undefined) operands.push(node);
    const token = next(p);
    if (token.type === "space") continue;
    if (token.type === "rightDelim" || token.type === "rightParen") backup(p);
    else if (token.type !== "pipe") unexpected(p, token, "operand");
    break;
  }
  const args = operands.slice(from);
  operands.length = from;
  if (!isFilled(args)) return fail(p, "empty command");
  return { type: "command", pos, source: p.source, args };
}

function isFilled(args: OperandNode[]): args is CommandNode["args"] {
  return args.length > 0;
}

function operand(p: Parser): OperandNode | undefined {
  const node = term(p);
  if (node === undefined || peek(p).type !== "field") return node;
  const { pos } = peek(p);
  const { source } = p;
  const fields = fieldNames(p);
  if (node.type === "field") return { type: "field", pos, source, idents: [...node.idents, ...fields] };
  if (node.type === "variable") return { type: "variable", pos, source, idents: [...node.idents, ...fields] };
  if (noFieldsOn.has(node.type)) fail(p, `unexpected . after term ${quote(nodeText(node))}`);
  return { type: "chain", pos, source, node, fields };
}

// The names follow each other in the text without a space between them.
function fieldNames(p: Parser): string[] {
  const from = peek(p).pos + 1;
  let to = from;
  while (peek(p).type === "field") {
    const { pos, val } = next(p);
    to = pos + val.length;
  }
  return p.source.text.slice(from, to).split(".");
}

function term(p: Parser): OperandNode | undefined {
  const token = nextNonSpace(p);
  const at = { pos: token.pos, source: p.source };
  switch (token.type) {
    case "identifier":
      checkFunction(p, token);
      return { type: "identifier", ...at, name: token.val };
    case "dot":
      return { type: "dot", ...at };
    case "nil":
      return { type: "nil", ...at };
    case "variable":
      return useVariable(p, token);
    case "field":
      return { type: "field", ...at, idents: [token.val.slice(1)] };
    case "bool":
      return { type: "bool", ...at, value: token.val === "true" };
    case "charConstant":
    case "complex":
    case "number":
      return numberNode(p, token);
    case "leftParen":
      return parenthesized(p);
    case "string":
    case "rawString":
      return { type: "string", ...at, quoted: token.val, text: unquoted(p, token) };
  }
  backup(p);
  return undefined;
}

function parenthesized(p: Parser): PipeNode {
  if (++p.shared.nesting > maxNesting) fail(p, "max expression depth exceeded");
  const pipe = pipeline(p, "parenthesized pipeline", "rightParen");
  p.shared.nesting--;
  return pipe;
}

function numberNode(p: Parser, token: Token): OperandNode {
  const forms = token.type === "charConstant" ? parseCharConstant(token.val) : parseNumber(token.val);
  if ("error" in forms) return fail(p, forms.error, { at: token });
  return { type: "number", pos: token.pos, source: p.source, text: token.val, ...forms };
}

function checkFunction(p: Parser, token: Token): void {
  const name = token.val;
  if (p.functions.has(name)) return;
  const near = nearestName(name, p.functions.names());
  fail(p, `function ${quote(name)} not defined`, { hint: near && `Did you mean "${near}"?`, at: token });
}

function useVariable(p: Parser, token: Token): VariableNode {
  const node = variableNode(p, token.pos, token.val);
  const name = node.idents[0];
  if (p.vars.includes(name)) return node;
  const near = nearestName(name, p.vars);
  const hint = near && near !== "$" ? `Did you mean "${near}"?` : undefined;
  return fail(p, `undefined variable ${quote(name)}`, { hint, at: token });
}
