import type { GoValue } from "../base/go-value.ts";
import type { EngineFunction } from "./call.ts";
import { equal, less, lessOrEqual } from "./compare.ts";
import { assign, type EngineType, goParamName, nilOf } from "./convert.ts";
import { escapeHtml, escapeQuery, escapeScript } from "./escape.ts";
import { goSprint, goSprintf, goSprintln } from "./format.ts";
import { FunctionError } from "./function.ts";
import { GoFunc } from "./go-func.ts";
import { goIntOf, goTypeOf } from "./go-type.ts";
import { index, length, slice } from "./indexing.ts";
import type { Value } from "./state.ts";
import { isTrue } from "./truth.ts";

function any(call: (...args: GoValue[]) => GoValue): EngineFunction {
  return { params: ["any"], variadic: true, call };
}

function values(count: number, call: (...args: Value[]) => GoValue | undefined): EngineFunction {
  return { params: Array<EngineType>(count).fill("value"), call };
}

function valuesAnd(call: (...args: Value[]) => GoValue | undefined): EngineFunction {
  return { params: ["value", "value"], variadic: true, call };
}

// The compiler evaluates these three itself.
const special: EngineFunction = valuesAnd(() => null);

/** Go's predefined functions. */
export const builtins: ReadonlyMap<string, EngineFunction> = new Map<string, EngineFunction>([
  ["and", special],
  ["call", special],
  ["html", any(escapeHtml)],
  ["index", valuesAnd(index)],
  ["slice", valuesAnd(slice)],
  ["js", any(escapeScript)],
  ["len", values(1, length)],
  ["not", values(1, (value) => !isTrue(value))],
  ["or", special],
  ["print", any(goSprint)],
  [
    "printf",
    {
      params: ["string", "any"],
      variadic: true,
      call: (format: string, ...args: GoValue[]) => goSprintf(format, args),
    },
  ],
  ["println", any(goSprintln)],
  ["urlquery", any(escapeQuery)],
  ["eq", valuesAnd(equal)],
  ["ge", values(2, (a, b) => !less(a, b))],
  ["gt", values(2, (a, b) => !lessOrEqual(a, b))],
  ["le", values(2, lessOrEqual)],
  ["lt", values(2, less)],
  ["ne", values(2, (a, b) => !equal(a, b))],
]);

/** What `call` does with its first argument and the others. */
export function callFunctionValue(name: string, target: Value, args: Value[]): GoValue | undefined {
  if (target === undefined || target === null) throw new FunctionError("call of nil");
  if (!(target instanceof GoFunc)) throw new FunctionError(`non-function ${name} of type ${goTypeOf(target)}`);
  const { params, variadic, call } = target.fn;
  const wrong = `wrong number of args for ${name}: got ${args.length} want`;
  if (variadic && args.length < params.length - 1) throw new FunctionError(`${wrong} at least ${params.length - 1}`);
  if (!variadic && args.length !== params.length) throw new FunctionError(`${wrong} ${params.length}`);
  const converted = args.map((arg, at) => prepare(arg, params[Math.min(at, params.length - 1)] ?? "any", at));
  return (call as (...args: unknown[]) => GoValue | undefined)(...converted);
}

function prepare(value: Value, type: EngineType, at: number): unknown {
  if (value === undefined || value === null) {
    const zero = nilOf(type);
    if (zero !== undefined) return zero;
    throw new FunctionError(`arg ${at}: value is nil; should be of type ${goParamName(type)}`);
  }
  const assigned = assign(value, type);
  if (assigned !== undefined) return assigned;
  const int = goIntOf(value);
  if (int !== undefined && /^u?int/.test(type)) return int;
  throw new FunctionError(`arg ${at}: value has type ${goTypeOf(value)}; should be ${goParamName(type)}`);
}
