import { GoSlice } from "../../base/go-objects.ts";
import type { GoValue } from "../../base/go-value.ts";
import { goText } from "../format.ts";
import { FunctionError, type FunctionTable } from "../function.ts";
import { parseClamped, parseInteger, toFloat64, toInt64, truncate, wrapInt64 } from "./cast.ts";
import { add, type Decimal, divide, fromFloat, multiply, subtract, toFloat } from "./decimal.ts";
import { checkItems, fn, int, runtimeError, variadic } from "./define.ts";

/** Integers wrap around as int64 does; floats are counted in decimals. */
export const mathFunctions: FunctionTable = {
  add1: fn(["any"], (value: GoValue) => wrapInt64(toInt64(value) + 1n)),
  add: variadic(["any"], (...values: GoValue[]) =>
    wrapInt64(values.reduce((sum: bigint, value) => sum + toInt64(value), 0n)),
  ),
  sub: fn(["any", "any"], (a: GoValue, b: GoValue) => wrapInt64(toInt64(a) - toInt64(b))),
  div: fn(["any", "any"], (a: GoValue, b: GoValue) => wrapInt64(toInt64(a) / nonZero(toInt64(b)))),
  mod: fn(["any", "any"], (a: GoValue, b: GoValue) => toInt64(a) % nonZero(toInt64(b))),
  mul: variadic(["any", "any"], (first: GoValue, ...rest: GoValue[]) =>
    rest.reduce((product: bigint, value) => wrapInt64(product * toInt64(value)), toInt64(first)),
  ),
  randInt: fn(["int", "int"], randomInt),
  add1f: fn(["any"], (value: GoValue) => fold(value, [1], add)),
  addf: variadic(["any"], (...values: GoValue[]) => fold(0, values, add)),
  subf: variadic(["any", "any"], (first: GoValue, ...rest: GoValue[]) => fold(first, rest, subtract)),
  divf: variadic(["any", "any"], (first: GoValue, ...rest: GoValue[]) => fold(first, rest, divide)),
  mulf: variadic(["any", "any"], (first: GoValue, ...rest: GoValue[]) => fold(first, rest, multiply)),
  biggest: variadic(["any", "any"], max),
  max: variadic(["any", "any"], max),
  min: variadic(["any", "any"], (first: GoValue, ...rest: GoValue[]) =>
    rest.map(toInt64).reduce(lesser, toInt64(first)),
  ),
  maxf: variadic(["any", "any"], (first: GoValue, ...rest: GoValue[]) =>
    rest
      .map(toFloat64)
      .reduce((a, b) => (a === Infinity || b === Infinity ? Infinity : Math.max(a, b)), toFloat64(first)),
  ),
  minf: variadic(["any", "any"], (first: GoValue, ...rest: GoValue[]) =>
    rest
      .map(toFloat64)
      .reduce((a, b) => (a === -Infinity || b === -Infinity ? -Infinity : Math.min(a, b)), toFloat64(first)),
  ),
  ceil: fn(["any"], (value: GoValue) => Math.ceil(toFloat64(value))),
  floor: fn(["any"], (value: GoValue) => Math.floor(toFloat64(value))),
  round: variadic(["any", "int", "float64"], round),
  atoi: fn(["string"], (text: string) => int(parseClamped(text))),
  int: fn(["any"], (value: GoValue) => int(toInt64(value))),
  int64: fn(["any"], toInt64),
  float64: fn(["any"], toFloat64),
  toDecimal: fn(["any"], (value: GoValue) => parseInteger(goText(value), 8) ?? 0n),
  until: fn(["int"], (count: bigint) => toIntSlice(range(0n, count, count < 0n ? -1n : 1n))),
  untilStep: fn(["int", "int", "int"], (start: bigint, stop: bigint, step: bigint) =>
    toIntSlice(range(start, stop, step)),
  ),
  seq: variadic(["int"], seq),
};

function nonZero(divisor: bigint): bigint {
  if (divisor === 0n) throw runtimeError("integer divide by zero");
  return divisor;
}

function fold(first: GoValue, rest: GoValue[], operation: (a: Decimal, b: Decimal) => Decimal): number {
  return toFloat(
    rest.reduce(
      (result: Decimal, value) => operation(result, fromFloat(toFloat64(value))),
      fromFloat(toFloat64(first)),
    ),
  );
}

function max(first: GoValue, ...rest: GoValue[]): bigint {
  return rest.map(toInt64).reduce(greater, toInt64(first));
}

function randomInt(low: bigint, high: bigint): GoValue {
  const width = wrapInt64(high - low);
  if (width <= 0n) throw new FunctionError("invalid argument to Intn");
  return int(wrapInt64(low + truncate(Math.random() * Number(width))));
}

function round(value: GoValue, places: bigint, threshold = 0.5): number {
  const power = powerOfTen(Number(places));
  const digit = power * toFloat64(value);
  const rest = digit % 1;
  return (rest >= threshold ? Math.ceil(digit) : Math.floor(digit)) / power;
}

// Powers that a float holds exactly, and their inverses, are the same in Go; the literal is nearest to it otherwise.
function powerOfTen(exponent: number): number {
  return exponent < 0 ? 1 / Number(`1e${-exponent}`) : Number(`1e${exponent}`);
}

/** From `start` up or down to, but without, `stop`; nothing where the step leads away. */
function range(start: bigint, stop: bigint, step: bigint): bigint[] {
  const down = stop < start;
  if (down ? step >= 0n : step <= 0n) return [];
  checkItems(Number((stop - start) / step));
  const items: bigint[] = [];
  for (let at = start; down ? at > stop : at < stop; at += step) items.push(at);
  return items;
}

function toIntSlice(items: bigint[]): GoSlice {
  return new GoSlice("[]int", items.map(int));
}

function seq(...params: bigint[]): string {
  const [a = 1n, b = 1n, c = 1n] = params;
  if (params.length === 0 || params.length > 3) return "";
  const [start, step, end] =
    params.length === 1 ? [1n, undefined, a] : params.length === 2 ? [a, undefined, b] : [a, b, c];
  const direction = end < start ? -1n : 1n;
  if (step !== undefined && direction < 0n && step > 0n) return "";
  return range(start, end + direction, step ?? direction).join(" ");
}

function greater(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}

function lesser(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}
