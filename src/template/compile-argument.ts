import { GoInt, type GoValue } from "../base/go-value.ts";
import type { EngineFunction } from "./call.ts";
import { type Converter, converterFor, type EngineType, goParamName, nilOf } from "./convert.ts";
import { nodeText } from "./node-text.ts";
import type { BoolNode, ExpressionNode, NilNode, NumberNode, StringNode } from "./nodes.ts";
import { type Eval, failing, type State, type Value } from "./state.ts";

type LiteralNode = BoolNode | NilNode | NumberNode | StringNode;

/** An argument whose code doesn't depend on the parameter's type, or a literal, which takes that type. */
export type ArgumentCode = { node: ExpressionNode; run: Eval } | { literal: LiteralNode };

/** Evaluates one argument as a function gets it. */
export type Argument = (s: State, dot: Value) => unknown;

/** How a call site calls one function. */
export type CallPlan = {
  fn: EngineFunction;
  args: Argument[];
  /** For the value that is piped in; it comes last. */
  piped: Converter | undefined;
};

const integerBits: Partial<Record<EngineType, number>> = { int: 64, int32: 32, int64: 64 };
const unsignedBits: Partial<Record<EngineType, number>> = { uint: 64, uint32: 32 };

/** Fits a call's arguments to a function; where their number is wrong, the plan fails when it is followed. */
export function planCall(name: string, fn: EngineFunction, codes: ArgumentCode[], isPiped: boolean): CallPlan | string {
  const count = codes.length + (isPiped ? 1 : 0);
  const { params } = fn;
  if (fn.variadic && count < params.length - 1) {
    return `wrong number of args for ${name}: want at least ${params.length - 1} got ${codes.length}`;
  }
  if (!fn.variadic && count !== params.length) {
    return `wrong number of args for ${name}: want ${params.length} got ${count}`;
  }
  const typeAt = (index: number): EngineType => params[Math.min(index, params.length - 1)] ?? "any";
  return {
    fn,
    args: codes.map((code, index) => typedArgument(code, typeAt(index))),
    piped: isPiped ? converterFor(typeAt(codes.length)) : undefined,
  };
}

export function typedArgument(code: ArgumentCode, type: EngineType): Argument {
  if ("literal" in code) return typedLiteral(code.literal, type);
  const { run } = code;
  if (type === "value") return run;
  const convert = converterFor(type);
  return (s, dot) => convert(s, run(s, dot));
}

function typedLiteral(node: LiteralNode, type: EngineType): Argument {
  if (node.type === "nil") return nilArgument(node, type);
  if (type === "any" || type === "value") return constant(node);
  const found = literalAs(node, type);
  if (found.value === undefined) return failing(node, found.problem);
  const { value } = found;
  return (s) => {
    s.node = node;
    return value;
  };
}

function nilArgument(node: NilNode, type: EngineType): Argument {
  if (type === "value") return () => undefined;
  if (nilOf(type) === undefined) return failing(node, `cannot assign nil to ${goParamName(type)}`);
  return (s) => {
    s.node = node;
    return nilOf(type);
  };
}

/** A literal where no type is asked for: numbers are `int` or, by their syntax, `float64`. */
export function constant(node: Exclude<LiteralNode, NilNode>): Eval {
  const value = node.type === "string" ? node.text : node.type === "bool" ? node.value : numberValue(node);
  if (value === undefined) return failing(node, `${nodeText(node)} overflows int`);
  return (s) => {
    s.node = node;
    return value;
  };
}

function numberValue({ text, int, float }: NumberNode): GoValue | undefined {
  const isInteger = text.startsWith("'") || (/^0[xX]/.test(text) && !/[pP]/.test(text));
  if (float !== undefined && !isInteger && /[.eEpP]/.test(text)) return float;
  return int === undefined ? undefined : new GoInt("int", int);
}

function literalAs(node: Exclude<LiteralNode, NilNode>, type: EngineType): { value: unknown; problem: string } {
  const found = `found ${nodeText(node)}`;
  const number = node.type === "number" ? node : undefined;
  const bits = integerBits[type];
  if (bits !== undefined) {
    const value = number?.int === undefined ? undefined : BigInt.asIntN(bits, number.int);
    return { value, problem: `expected integer; ${found}` };
  }
  const unsigned = unsignedBits[type];
  if (unsigned !== undefined) {
    const value = number?.uint === undefined ? undefined : BigInt.asUintN(unsigned, number.uint);
    return { value, problem: `expected unsigned integer; ${found}` };
  }
  switch (type) {
    case "bool":
      return { value: node.type === "bool" ? node.value : undefined, problem: `expected bool; ${found}` };
    case "string":
      return { value: node.type === "string" ? node.text : undefined, problem: `expected string; ${found}` };
    case "float64":
      return { value: number?.float, problem: `expected float; ${found}` };
    default:
      return { value: undefined, problem: `can't handle ${nodeText(node)} for arg of type ${goParamName(type)}` };
  }
}

/** Evaluates a plan's arguments in order. */
export function evaluateArguments(s: State, dot: Value, plan: CallPlan, piped: Value): unknown[] {
  const { args } = plan;
  const values: unknown[] = [];
  for (let at = 0; at < args.length; at++) values.push((args[at] as Argument)(s, dot));
  if (plan.piped !== undefined) values.push(plan.piped(s, piped));
  return values;
}
