import type { GoValue } from "../../base/go-value.ts";
import { GoInt } from "../../base/go-value.ts";
import { FunctionError, type GoFunction, type ParamType } from "../function.ts";
import { limitError } from "../state.ts";

type Call = (...args: never[]) => GoValue;

export function fn(params: readonly ParamType[], call: Call): GoFunction {
  return { params, call };
}

/** A function whose last parameter takes any number of arguments. */
export function variadic(params: readonly ParamType[], call: Call): GoFunction {
  return { params, call, variadic: true };
}

export function int(value: number | bigint): GoInt {
  return new GoInt("int", BigInt(value));
}

/** What Go's runtime says when a function does something impossible. */
export function runtimeError(text: string): FunctionError {
  return new FunctionError(`runtime error: ${text}`);
}

export function nilDereference(): FunctionError {
  return runtimeError("invalid memory address or nil pointer dereference");
}

/** The longest text and the longest list that one call may make. */
const maxLength = 64 * 1024 * 1024;
const maxItems = 4 * 1024 * 1024;

export function checkLength(length: number): void {
  if (length > maxLength) throw limitError(`made a text of more than ${maxLength / 1024 / 1024} MiB`);
}

export function checkItems(count: number): void {
  if (count > maxItems) throw limitError(`made a list of more than ${maxItems} items`);
}
