import { SlipwayError } from "../base/error.ts";
import type { GoValue } from "../base/go-value.ts";
import type { EngineType } from "./convert.ts";
import { FunctionError } from "./function.ts";
import type { ExpressionNode } from "./nodes.ts";
import { limitError, type State, step } from "./state.ts";
import { execError, TemplateError } from "./template-error.ts";

// More would overflow the stack.
const maxArguments = 10_000;

/** A function as the engine calls it: the predefined ones take and give reflect values. */
export type EngineFunction = {
  params: readonly EngineType[];
  variadic?: boolean;
  call: (...args: never[]) => GoValue | undefined;
};

export type Invocation = { name: string; node: ExpressionNode; fn: EngineFunction };

/** Calls a function with converted arguments; its error becomes Go's «error calling». */
export function invoke(s: State, { name, node, fn }: Invocation, args: unknown[]): GoValue | undefined {
  step(s.scope);
  if (args.length > maxArguments) throw limitError(`call ${name} with more than ${maxArguments} arguments`);
  const call = fn.call as (...args: unknown[]) => GoValue | undefined;
  let result: GoValue | undefined;
  try {
    result = args.length === 1 ? call(args[0]) : args.length === 2 ? call(args[0], args[1]) : call(...args);
  } catch (cause) {
    throw callError(s, node, name, cause);
  }
  if (typeof result === "string" && result.length > s.scope.budget.limits.outputBytes) {
    throw limitError("made a text that is too long");
  }
  return result;
}

function callError(s: State, node: ExpressionNode, name: string, cause: unknown): unknown {
  const text = goTextOf(cause);
  if (text === undefined) return cause;
  return execError({ node, body: s.body, template: s.name, reason: `error calling ${name}: ${text}`, cause });
}

// A limit or an abort ends everything; whatever else a function throws is a bug, and keeps its stack.
function goTextOf(cause: unknown): string | undefined {
  if (cause instanceof TemplateError) return cause.goText;
  if (cause instanceof FunctionError) return cause.message;
  if (!(cause instanceof SlipwayError) || cause.code === "LIMIT_EXCEEDED" || cause.code === "CANCELLED")
    return undefined;
  return cause.message;
}
