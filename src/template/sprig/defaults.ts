import type { GoValue } from "../../base/go-value.ts";
import { FunctionError, type FunctionTable } from "../function.ts";
import { fn, variadic } from "./define.ts";
import { isEmpty } from "./reflect.ts";

export const defaultFunctions: FunctionTable = {
  default: variadic(["any", "any"], (fallback: GoValue, ...given: GoValue[]) => {
    const value = given[0] ?? null;
    return isEmpty(value) ? fallback : value;
  }),
  empty: fn(["any"], isEmpty),
  coalesce: variadic(["any"], (...values: GoValue[]) => values.find((value) => !isEmpty(value)) ?? null),
  all: variadic(["any"], (...values: GoValue[]) => !values.some(isEmpty)),
  any: variadic(["any"], (...values: GoValue[]) => !values.every(isEmpty)),
  ternary: fn(["any", "any", "bool"], (yes: GoValue, no: GoValue, condition: boolean) => (condition ? yes : no)),
  fail: fn(["string"], (message: string) => {
    throw new FunctionError(message);
  }),
};
