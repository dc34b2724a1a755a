import { quote, unquoteRune } from "./quote.ts";

/** Each form that a numeric constant can take, or why it is none. */
export type NumberForms = { int: bigint | undefined; uint: bigint | undefined; float: number | undefined };
export type NumberResult = NumberForms | { error: string };

const integer = /^(?:0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/;
const decimalFloat = /^[+-]?(?:[0-9](?:_?[0-9])*)?\.?(?:[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?$/;
const hexFloat = /^([+-]?)0[xX]_?((?:[0-9a-fA-F]_?)*)\.?((?:[0-9a-fA-F]_?)*)[pP]([+-]?[0-9](?:_?[0-9])*)$/;
const minInt = -(2n ** 63n);
const maxInt = 2n ** 63n - 1n;
const maxUint = 2n ** 64n - 1n;

/** A character constant is its code point. */
export function parseCharConstant(text: string): NumberResult {
  const rune = unquoteRune(text);
  if (rune === undefined) return { error: "invalid syntax" };
  if (!rune.whole) return { error: `malformed character constant: ${text}` };
  return { int: BigInt(rune.codePoint), uint: BigInt(rune.codePoint), float: rune.codePoint };
}

/** Reads a constant as Go does: by its syntax alone, `1e3` is an integer too. */
export function parseNumber(text: string): NumberResult {
  if (text.endsWith("i")) return { error: `complex numbers are not supported: ${quote(text)}` };
  const whole = parseInteger(text);
  if (whole !== undefined) {
    const int = whole >= minInt && whole <= maxInt ? whole : undefined;
    const signed = /^[+-]/.test(text) && whole !== 0n;
    const uint = !signed && whole <= maxUint ? whole : undefined;
    if (int !== undefined || uint !== undefined) return { int, uint, float: Number(whole) };
    return { error: `integer overflow: ${quote(text)}` };
  }
  const float = parseFloatText(text);
  if (float === undefined) return { error: `illegal number syntax: ${quote(text)}` };
  if (!/[.eEpP]/.test(text)) return { error: `integer overflow: ${quote(text)}` };
  const exact = Number.isInteger(float) ? BigInt(float) : undefined;
  return {
    float,
    int: exact !== undefined && exact >= minInt && exact <= maxInt ? exact : undefined,
    uint: exact !== undefined && exact >= 0n && exact <= maxUint ? exact : undefined,
  };
}

function parseInteger(text: string): bigint | undefined {
  const unsigned = text.replace(/^[+-]/, "");
  if (!integer.test(unsigned)) return undefined;
  const digits = unsigned.replaceAll("_", "");
  const size = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return text.startsWith("-") ? -size : size;
}

function parseFloatText(text: string): number | undefined {
  const hex = hexFloat.exec(text);
  const value = hex ? parseHexFloat(hex) : parseDecimalFloat(text);
  return value === undefined || Number.isFinite(value) ? value : undefined;
}

function parseDecimalFloat(text: string): number | undefined {
  if (!decimalFloat.test(text) || !/^[+-]?\.?[0-9]/.test(text)) return undefined;
  return Number(text.replaceAll("_", ""));
}

function parseHexFloat([, sign, whole = "", fraction = "", power = "0"]: RegExpExecArray): number | undefined {
  const digits = (whole + fraction).replaceAll("_", "");
  if (digits === "") return undefined;
  const exponent = Number(power.replaceAll("_", "")) - fraction.replaceAll("_", "").length * 4;
  const size = scaleByPowerOfTwo(Number(BigInt(`0x${digits}`)), exponent);
  return sign === "-" ? -size : size;
}

// In steps, since 2 ** -1080 alone is zero.
function scaleByPowerOfTwo(value: number, exponent: number): number {
  let scaled = value;
  let left = Math.max(-5000, Math.min(5000, exponent));
  while (left !== 0 && scaled !== 0 && Number.isFinite(scaled)) {
    const step = Math.max(-1000, Math.min(1000, left));
    scaled *= 2 ** step;
    left -= step;
  }
  return scaled;
}
