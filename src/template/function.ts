import type { GoValue } from "../base/go-value.ts";

/**
 * A Go parameter type. Before a call the engine checks and converts each argument as Go's reflect does, and fails as Go
 * does («wrong type for value; expected int; got string»). What `call` then gets:
 * integer kinds → bigint, `float64` → number, `string` → string, `[]any` → GoValue[], `map[string]any` → GoMap,
 * `any` → the value as it is.
 */
export type ParamType =
  | "any"
  | "string"
  | "bool"
  | "int"
  | "int32"
  | "int64"
  | "uint"
  | "uint32"
  | "float64"
  | "[]any"
  | "[]string"
  | "[]byte"
  | "map[string]any"
  | "time.Time"
  | "sprig.certificate";

/** A function that templates can call. */
export type GoFunction = {
  params: readonly ParamType[];
  /** The last of `params` takes any number of arguments. */
  variadic?: boolean;
  /** Throws FunctionError where Go's function returns an error; what Go would panic on likewise, as Helm reports it. */
  call: (...args: never[]) => GoValue;
};

/** A method of a value. Where it names its parameters, the engine checks arguments as it does for functions. */
export type TypedMethod = ((...args: never[]) => GoValue) & { params?: readonly ParamType[]; variadic?: boolean };

export type FunctionTable = Readonly<Record<string, GoFunction>>;

/** An error that a function returns: the engine adds the place and the chain of templates. */
export class FunctionError extends Error {}
