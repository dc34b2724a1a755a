import { nearestName } from "../base/nearest-name.ts";
import type { Token, TokenType } from "./lexer.ts";
import { nodeText } from "./node-text.ts";
import type { CommandNode, OperandNode, PipeNode, VariableNode } from "./nodes.ts";
import { parseCharConstant, parseNumber } from "./number.ts";
import {
  backup,
  backup2,
  fail,
  maxNesting,
  next,
  nextNonSpace,
  type Parser,
  peek,
  peekNonSpace,
  unexpected,
  unquoted,
} from "./parser-state.ts";
import { quote } from "./quote.ts";

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

/** Reads a pipeline up to its closing delimiter, which it takes, too. */
export function pipeline(p: Parser, context: string, end: "rightDelim" | "rightParen"): PipeNode {
  const { pos } = peekNonSpace(p);
  const pipe: PipeNode = { type: "pipe", pos: pos - p.start, isAssign: false, decl: [], cmds: [], isClosed: false };
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
  return { type: "variable", pos: pos - p.start, idents: [text] };
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
  return { type: "command", pos: pos - p.start, args };
}

function isFilled(args: OperandNode[]): args is CommandNode["args"] {
  return args.length > 0;
}

function operand(p: Parser): OperandNode | undefined {
  const node = term(p);
  if (node === undefined || peek(p).type !== "field") return node;
  const pos = peek(p).pos - p.start;
  const fields = fieldNames(p);
  if (node.type === "field") return { type: "field", pos, idents: [...node.idents, ...fields] };
  if (node.type === "variable") return { type: "variable", pos, idents: [...node.idents, ...fields] };
  if (noFieldsOn.has(node.type)) fail(p, `unexpected . after term ${quote(nodeText(node))}`);
  return { type: "chain", pos, node, fields };
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
  const at = { pos: token.pos - p.start };
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
  return { type: "number", pos: token.pos - p.start, text: token.val, ...forms };
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
  const known = p.vars.lastIndexOf(name);
  if (known > 0 && known < p.outerVars) p.used.push(name);
  if (known >= 0) return node;
  const near = nearestName(name, p.vars);
  const hint = near && near !== "$" ? `Did you mean "${near}"?` : undefined;
  return fail(p, `undefined variable ${quote(name)}`, { hint, at: token });
}
