import { normalizeBytes, runeCount, toBytes } from "../base/go-string.ts";
import { formatFloat } from "./format-float.ts";
import { canBackquote, isPrintable, quote, quoteRune } from "./quote.ts";

/** What stands between `%` and the verb. `sharpV` and `plusV` are `#` and `+` before a `v`. */
export type Flags = {
  width: number | undefined;
  precision: number | undefined;
  minus: boolean;
  plus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  plusV: boolean;
  sharpV: boolean;
};

export const noFlags: Flags = Object.freeze({
  width: undefined,
  precision: undefined,
  minus: false,
  plus: false,
  sharp: false,
  space: false,
  zero: false,
  plusV: false,
  sharpV: false,
});

export function pad(flags: Flags, text: string, zero = flags.zero): string {
  if (!flags.width) return text;
  return flags.minus ? text + padding(flags, text, false) : padding(flags, text, zero) + text;
}

function padding(flags: Flags, text: string, zero: boolean): string {
  return (zero ? "0" : " ").repeat(Math.max((flags.width ?? 0) - runeCount(text), 0));
}

export function padString(flags: Flags, text: string): string {
  if (flags.width === undefined && flags.precision === undefined) return text;
  return pad(flags, truncate(flags, text));
}

export function formatQuoted(flags: Flags, text: string): string {
  const kept = truncate(flags, text);
  return pad(flags, flags.sharp && canBackquote(kept) ? `\`${kept}\`` : quote(kept, flags.plus));
}

function truncate(flags: Flags, text: string): string {
  if (flags.precision === undefined || text.length <= flags.precision) return text;
  return [...normalizeBytes(text)].slice(0, flags.precision).join("");
}

export type IntegerFormat = { base: 2 | 8 | 10 | 16; verb: string; upper?: boolean };

export function formatInteger(flags: Flags, value: bigint, format: IntegerFormat): string {
  const negative = value < 0n;
  const { width, precision } = flags;
  if (precision === 0 && value === 0n) return " ".repeat(width ?? 0);
  let digits = (negative ? -value : value).toString(format.base);
  let least = precision ?? 0;
  if (precision === undefined && flags.zero && !flags.minus && width !== undefined) {
    least = negative || flags.plus || flags.space ? width - 1 : width;
  }
  digits = digits.padStart(least, "0");
  if (flags.sharp) digits = basePrefix(format.base, digits) + digits;
  if (format.verb === "O") digits = `0o${digits}`;
  if (format.upper) digits = digits.toUpperCase();
  const sign = negative ? "-" : flags.plus ? "+" : flags.space ? " " : "";
  return pad(flags, sign + digits, false);
}

function basePrefix(base: number, digits: string): string {
  if (base === 2) return "0b";
  if (base === 16) return "0x";
  return base === 8 && !digits.startsWith("0") ? "0" : "";
}

/** The bytes of a string or byte slice in hexadecimal. */
export function formatHexBytes(flags: Flags, text: string | Uint8Array, upper: boolean): string {
  const bytes = typeof text === "string" ? toBytes(text) : text;
  const kept = bytes.subarray(0, flags.precision ?? bytes.length);
  if (kept.length === 0) return pad({ ...flags, minus: false }, "", flags.zero && !flags.minus);
  const pairs = Array.from(kept, (byte) => byte.toString(16).padStart(2, "0"));
  const prefix = flags.sharp ? "0x" : "";
  const hex = flags.space ? pairs.map((pair) => prefix + pair).join(" ") : prefix + pairs.join("");
  return pad(flags, upper ? hex.toUpperCase() : hex);
}

/** `%c`: the character itself. */
export function formatChar(flags: Flags, value: bigint): string {
  return pad(flags, String.fromCodePoint(runeOf(value)));
}

export function formatQuotedChar(flags: Flags, value: bigint): string {
  return pad(flags, quoteRune(runeOf(value), flags.plus));
}

/** `%U`: `U+0078`, or with `#` `U+0078 'x'`. */
export function formatUnicode(flags: Flags, value: bigint): string {
  const unsigned = BigInt.asUintN(64, value);
  const hex = unsigned
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(4, flags.precision ?? 4), "0");
  const shown = flags.sharp && unsigned <= 0x10ffffn && isPrintable(Number(unsigned));
  return pad(flags, `U+${hex}${shown ? ` '${String.fromCodePoint(Number(unsigned))}'` : ""}`, false);
}

function runeOf(value: bigint): number {
  return value < 0n || value > 0x10ffffn || (value >= 0xd800n && value <= 0xdfffn) ? 0xfffd : Number(value);
}

export function formatFloatFlags(flags: Flags, value: number, verb: string, defaultPrecision: number): string {
  const precision = flags.precision ?? defaultPrecision;
  let text = formatFloat(value, verb, precision);
  let sign = "+";
  if (text[0] === "-" || text[0] === "+") {
    sign = text[0];
    text = text.slice(1);
  }
  if (flags.space && sign === "+" && !flags.plus) sign = " ";
  if (text === "Inf") return pad(flags, sign + text, false);
  if (text === "NaN") return pad(flags, flags.space || flags.plus ? sign + text : text, false);
  if (flags.sharp && verb !== "b") text = keepZeros(text, verb, precision);
  if (sign === "+" && !flags.plus) return pad(flags, text);
  const width = flags.width ?? 0;
  if (!flags.zero || flags.minus || width <= text.length + 1) return pad(flags, sign + text);
  return sign + text.padStart(width - 1, "0");
}

// `#` keeps the decimal point and the zeros that `%g` drops.
function keepZeros(text: string, verb: string, precision: number): string {
  const hex = verb === "x" || verb === "X";
  const tailAt = text.search(hex ? /[pP]/ : /[eE]/);
  let number = tailAt < 0 ? text : text.slice(0, tailAt);
  const tail = tailAt < 0 ? "" : text.slice(tailAt);
  let missing = verb === "g" || verb === "G" || verb === "x" ? (precision === -1 ? 6 : precision) : 0;
  const hadPoint = number.includes(".");
  missing -= number.replace(".", "").replace(/^0+/, "").length;
  if (!hadPoint) {
    if (number === "0") missing--;
    number += ".";
  }
  return number + "0".repeat(Math.max(missing, 0)) + tail;
}
