import { jsonEqual } from "../../base/json-equal.ts";

/** The indexes of the first two items that are the same. */
export function duplicate(list: readonly unknown[]): readonly [number, number] | undefined {
  const plain = new Map<unknown, number>();
  const nested: number[] = [];
  for (const [index, item] of list.entries()) {
    const isNested = typeof item === "object" && item !== null;
    const before = isNested ? nested.find((other) => jsonEqual(list[other], item)) : plain.get(item);
    if (before !== undefined) return [before, index];
    if (isNested) nested.push(index);
    else plain.set(item, index);
  }
  return undefined;
}

/** True where one is a whole number of times the other, both as they are written: 0.3 is three times 0.1. */
export function isMultiple(value: number, of: number): boolean {
  const [left, right] = [decimal(value), decimal(of)];
  const exponent = Math.min(left.exponent, right.exponent);
  const scaled = ({ digits, exponent: own }: Decimal) => digits * 10n ** BigInt(own - exponent);
  return scaled(left) % scaled(right) === 0n;
}

type Decimal = { digits: bigint; exponent: number };

function decimal(value: number): Decimal {
  const [mantissa = "", exponent = "0"] = String(value).split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}
