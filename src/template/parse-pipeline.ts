import { nearestName } from "../base/nearest-name.ts";
import type { Token, TokenType } from "./lexer.ts";
import { nodeText } from "./node-text.ts";
import type { CommandNode, OperandNode, PipeNode, VariableNode } from "./nodes.ts";
import { parseCharConstant, parseNumber } from "./number.ts";
import { backup, backup2, fail, maxNesting, next, type Parser, peek, unexpected, unquoted } from "./parser-state.ts";
import { quote } from "./quote.ts";
import { fieldNode, namesIn, noVariables } from "./simple-head.ts";

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
  const { pos, type } = peek(p);
  const pipe: PipeNode = {
    type: "pipe",
    pos: pos - p.start,
    isAssign: false,
    decl: noVariables,
    cmds: [],
    isClosed: false,
  };
  if (type === "variable") while (declaration(p, pipe, context));
  for (;;) {
    const token = next(p);
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
  const variable = peek(p);
  if (variable.type !== "variable") return false;
  next(p);
  const sign = peek(p);
  if (sign.type === "assign" || sign.type === "declare") {
    pipe.isAssign = sign.type === "assign";
    next(p);
    declare(p, pipe, variable);
    return false;
  }
  if (sign.type === "char" && sign.val === ",") {
    next(p);
    declare(p, pipe, variable);
    if (context !== "range" || pipe.decl.length >= 2) fail(p, `too many declarations in ${context}`);
    const { type } = peek(p);
    if (type === "variable" || type === "rightDelim" || type === "rightParen") return true;
    fail(p, "range can only initialize variables");
  }
  backup2(p, variable);
  return false;
}

function declare(p: Parser, pipe: PipeNode, token: Token): void {
  pipe.decl = [...pipe.decl, variableNode(p, token.pos, token.val)];
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
  const { pos } = peek(p);
  const { operands } = p.shared;
  const from = operands.length;
  for (;;) {
    const node = operand(p);
    if (node !== undefined) operands.push(node);
    const token = next(p);
    if (token.type === "pipe") break;
    backup(p);
    if (token.type === "rightDelim" || token.type === "rightParen") break;
    if (node === undefined || !token.spaced) unexpected(p, token, "operand");
  }
  const args = operands.splice(from);
  if (!isFilled(args)) return fail(p, "empty command");
  return { type: "command", pos: pos - p.start, args };
}

function isFilled(args: OperandNode[]): args is CommandNode["args"] {
  return args.length > 0;
}

function operand(p: Parser): OperandNode | undefined {
  const node = term(p);
  if (node === undefined) return node;
  const token = peek(p);
  if (token.type !== "field" || token.spaced) return node;
  const pos = token.pos - p.start;
  const fields = fieldNames(p);
  if (node.type === "field") return { type: "field", pos, idents: [...node.idents, ...fields] };
  if (node.type === "variable") return { type: "variable", pos, idents: [...node.idents, ...fields] };
  if (noFieldsOn.has(node.type)) fail(p, `unexpected . after term ${quote(nodeText(node))}`);
  return { type: "chain", pos, node, fields };
}

function fieldNames(p: Parser): string[] {
  const names: string[] = [];
  for (let token = peek(p); token.type === "field" && !token.spaced; token = peek(p)) {
    names.push(...namesIn(next(p).val));
  }
  return names;
}

function term(p: Parser): OperandNode | undefined {
  const token = next(p);
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
      return fieldNode(token.pos - p.start, token.val);
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
