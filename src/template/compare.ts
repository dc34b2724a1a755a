import { GoStringer } from "../base/go-objects.ts";
import { compareStrings } from "../base/go-string.ts";
import { GoInt, GoObject } from "../base/go-value.ts";
import { goSprintf } from "./format.ts";
import { FunctionError } from "./function.ts";
import { goIntOf, goKindOf, goTypeOf } from "./go-type.ts";
import type { Value } from "./state.ts";

type BasicKind = "invalid" | "bool" | "int" | "uint" | "float64" | "string";

function basicKind(value: Value): BasicKind {
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "string":
      return "string";
    case "number":
      return "float64";
    case "bigint":
      return "int";
  }
  if (value instanceof GoInt) return value.kind.startsWith("u") ? "uint" : "int";
  return goIntOf(value) === undefined ? "invalid" : "int";
}

export function equal(first: Value, ...others: Value[]): boolean {
  if (others.length === 0) throw new FunctionError("missing argument for comparison");
  return others.some((other) => equalPair(first ?? undefined, other ?? undefined));
}

function equalPair(a: Value, b: Value): boolean {
  const kind = basicKind(a);
  const otherKind = basicKind(b);
  if (kind !== otherKind) {
    if (areIntegers(kind, otherKind)) return goIntOf(a) === goIntOf(b);
    if (a === undefined || a === null || b === undefined || b === null) return false;
    throw new FunctionError(`incompatible types for comparison: ${goTypeOf(a)} and ${goTypeOf(b)}`);
  }
  if (kind === "int" || kind === "uint") return goIntOf(a) === goIntOf(b);
  return kind === "invalid" ? equalOthers(a, b) : a === b;
}

function areIntegers(a: BasicKind, b: BasicKind): boolean {
  return (a === "int" && b === "uint") || (a === "uint" && b === "int");
}

function equalOthers(a: Value, b: Value): boolean {
  if (a === undefined || a === null || b === undefined || b === null) return a === b;
  if (goKindOf(a) !== goKindOf(b)) {
    const text = goSprintf("non-comparable types %s: %s, %s: %v", [a, goTypeOf(a), goTypeOf(b), b]);
    throw new FunctionError(text);
  }
  const comparable = goKindOf(b) === "struct" || goKindOf(b) === "ptr";
  if (!comparable) throw new FunctionError(goSprintf("non-comparable type %s: %s", [b, goTypeOf(b)]));
  return a === b || equalObjects(a, b);
}

function equalObjects(a: Value, b: Value): boolean {
  if (!(a instanceof GoObject && b instanceof GoObject) || a.goType !== b.goType || a.goKind === "ptr") return false;
  return a instanceof GoStringer && b instanceof GoStringer && a.goString() === b.goString();
}

export function less(a: Value, b: Value): boolean {
  const kind = basicKind(a);
  if (kind === "invalid") throw badType();
  const otherKind = basicKind(b);
  if (otherKind === "invalid") throw badType();
  if (kind !== otherKind && !areIntegers(kind, otherKind)) {
    throw new FunctionError(`incompatible types for comparison: ${goTypeOf(a ?? null)} and ${goTypeOf(b ?? null)}`);
  }
  if (kind === "bool") throw badType();
  if (typeof a === "string" && typeof b === "string") return compareStrings(a, b) < 0;
  if (typeof a === "number" && typeof b === "number") return a < b;
  return (goIntOf(a) ?? 0n) < (goIntOf(b) ?? 0n);
}

export function lessOrEqual(a: Value, b: Value): boolean {
  return less(a, b) || equal(a, b);
}

function badType(): FunctionError {
  return new FunctionError("invalid type for comparison");
}
