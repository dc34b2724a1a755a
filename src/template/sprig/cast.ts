import { GoInt, type GoValue } from "../../base/go-value.ts";

const minInt64 = -(1n << 63n);
const maxInt64 = (1n << 63n) - 1n;
const decimal = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const hexFloat = /^([+-]?)0[xX]([0-9a-fA-F_]*)\.?([0-9a-fA-F_]*)[pP]([+-]?[0-9]+)$/;
const special = /^([+-]?)(inf|infinity|nan)$/i;
const grouped = /^0[bBoOxX]?(?:_?[0-9a-fA-F]+)+$|^[1-9][0-9]*(?:_[0-9]+)*$/;

export function wrapInt64(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

/** What the cast library makes of any value: 0 where it makes nothing. */
export function toInt64(value: GoValue): bigint {
  if (typeof value === "bigint") return value;
  if (value instanceof GoInt) return wrapInt64(value.value);
  if (typeof value === "number") return truncate(value);
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "string") return parseInteger(trimZeroDecimal(value), 0) ?? 0n;
  return namedInt(value) ?? 0n;
}

export function toFloat64(value: GoValue): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof GoInt) return Number(value.value);
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string") return parseFloat64(value) ?? 0;
  return Number(namedInt(value) ?? 0n);
}

// Of the named integer types the library knows months and weekdays, but not durations.
function namedInt(value: GoValue): bigint | undefined {
  if (value === null || typeof value !== "object" || !("goInt" in value) || typeof value.goInt !== "bigint")
    return undefined;
  return "goType" in value && value.goType !== "time.Duration" ? value.goInt : undefined;
}

/** A float's integer part; what doesn't fit becomes the lowest integer, as on Helm's usual processors. */
export function truncate(value: number): bigint {
  if (!(value > -9.3e18 && value < 2 ** 63)) return minInt64;
  const whole = BigInt(Math.trunc(value));
  return whole < minInt64 ? minInt64 : whole;
}

function trimZeroDecimal(text: string): string {
  return /^(.*)\.0+$/s.exec(text)?.[1] ?? text;
}

/** strconv.ParseInt for 64 bits; base 0 goes by the prefix and allows underscores. Undefined where Go fails. */
export function parseInteger(text: string, base: 0 | 8 | 10): bigint | undefined {
  const value = parseUnbounded(text, base);
  return value === undefined || value < minInt64 || value > maxInt64 ? undefined : value;
}

/** strconv.ParseInt as it is when its error is ignored: the nearest integer where the text's is out of range. */
export function parseClamped(text: string): bigint {
  const value = parseUnbounded(text, 10) ?? 0n;
  return value < minInt64 ? minInt64 : value > maxInt64 ? maxInt64 : value;
}

// No 64-bit integer is longer, leading zeros apart; the bound keeps huge texts cheap.
const maxDigits = 4096;

function parseUnbounded(text: string, base: 0 | 8 | 10): bigint | undefined {
  const [, sign, digits = ""] = /^([+-]?)(.+)$/s.exec(text) ?? [];
  if (digits.length > maxDigits) return undefined;
  const magnitude = base === 0 ? parsePrefixed(digits) : parseDigits(digits, base);
  return sign === "-" && magnitude !== undefined ? -magnitude : magnitude;
}

function parseDigits(digits: string, base: 8 | 10): bigint | undefined {
  const valid = base === 8 ? /^[0-7]+$/ : /^[0-9]+$/;
  return valid.test(digits) ? BigInt(base === 8 ? `0o${digits}` : digits) : undefined;
}

function parsePrefixed(text: string): bigint | undefined {
  if (!grouped.test(text)) return undefined;
  const digits = text.replaceAll("_", "");
  try {
    return BigInt(/^0[0-9]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  } catch {
    return undefined;
  }
}

/** strconv.ParseFloat; undefined where Go fails, also when the number is too large. */
export function parseFloat64(text: string): number | undefined {
  const plain = text.replace(/([0-9])_(?=[0-9])/g, "$1");
  if (decimal.test(plain)) {
    const value = Number(plain);
    return Number.isFinite(value) ? value : undefined;
  }
  const named = special.exec(text);
  if (named) return named[2]?.toLowerCase() === "nan" ? Number.NaN : named[1] === "-" ? -Infinity : Infinity;
  return parseHexFloat(text);
}

function parseHexFloat(text: string): number | undefined {
  const [, sign, whole = "", fraction = "", exponent = "0"] = hexFloat.exec(text) ?? [];
  const digits = (whole + fraction).replaceAll("_", "");
  if (sign === undefined || digits === "" || digits.length > 32) return undefined;
  const value = Number(BigInt(`0x${digits}`)) * 2 ** (Number(exponent) - 4 * fraction.replaceAll("_", "").length);
  if (!Number.isFinite(value)) return undefined;
  return sign === "-" ? -value : value;
}
