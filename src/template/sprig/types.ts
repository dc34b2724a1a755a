import type { GoValue } from "../../base/go-value.ts";
import type { FunctionTable } from "../function.ts";
import { goKindOf, goTypeOf } from "../go-type.ts";
import { fn } from "./define.ts";
import { deepEqual } from "./reflect.ts";

export const typeFunctions: FunctionTable = {
  typeOf: fn(["any"], (value: GoValue) => goTypeOf(value)),
  typeIs: fn(["string", "any"], (type: string, value: GoValue) => goTypeOf(value) === type),
  typeIsLike: fn(["string", "any"], (type: string, value: GoValue) => {
    const actual = goTypeOf(value);
    return actual === type || actual === `*${type}`;
  }),
  kindOf: fn(["any"], (value: GoValue) => goKindOf(value)),
  kindIs: fn(["string", "any"], (kind: string, value: GoValue) => goKindOf(value) === kind),
  deepEqual: fn(["any", "any"], (a: GoValue, b: GoValue) => deepEqual(a, b)),
};
