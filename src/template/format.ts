import type { GoValue } from "../base/go-value.ts";
import { type Flags, noFlags } from "./format-basic.ts";
import { formatArgument } from "./format-value.ts";
import * as types from "./go-type.ts";

const { goIntOf } = types;
/** A value's type as `%T` prints it. */
export const goTypeOf = types.goTypeOf;
export const goKindOf = types.goKindOf;

const maxNumber = 1_000_000n;

/** One value as fmt's `%v` prints it. */
export function goText(value: GoValue): string {
  return typeof value === "string" ? value : formatArgument(value, "v", noFlags);
}

/** fmt.Sprint: a space stands between two values that are both no strings. */
export function goSprint(...values: GoValue[]): string {
  let text = "";
  for (const [index, value] of values.entries()) {
    if (index > 0 && typeof value !== "string" && typeof values[index - 1] !== "string") text += " ";
    text += goText(value);
  }
  return text;
}

export function goSprintln(...values: GoValue[]): string {
  return `${values.map(goText).join(" ")}\n`;
}

/** A directive's place in the format and in the arguments while it is read. */
type Cursor = {
  format: string;
  args: readonly GoValue[];
  at: number;
  arg: number;
  afterIndex: boolean;
  reordered: boolean;
  goodArg: boolean;
};

export function goSprintf(format: string, args: readonly GoValue[]): string {
  const cursor: Cursor = { format, args, at: 0, arg: 0, afterIndex: false, reordered: false, goodArg: true };
  let out = "";
  while (cursor.at < format.length) {
    const percent = format.indexOf("%", cursor.at);
    if (percent < 0) {
      out += format.slice(cursor.at);
      break;
    }
    out += format.slice(cursor.at, percent);
    cursor.at = percent + 1;
    out += directive(cursor);
  }
  return cursor.reordered || cursor.arg >= args.length ? out : out + extra(args.slice(cursor.arg));
}

function extra(args: readonly GoValue[]): string {
  const parts = args.map((arg) => (arg === null ? "<nil>" : `${goTypeOf(arg)}=${goText(arg)}`));
  return `%!(EXTRA ${parts.join(", ")})`;
}

function directive(cursor: Cursor): string {
  cursor.goodArg = true;
  cursor.afterIndex = false;
  const flags = readFlags(cursor);
  readArgIndex(cursor);
  let out = readWidth(cursor, flags);
  out += readPrecision(cursor, flags);
  if (!cursor.afterIndex) readArgIndex(cursor);
  if (cursor.at >= cursor.format.length) return `${out}%!(NOVERB)`;
  return out + printVerb(cursor, flags);
}

function printVerb(cursor: Cursor, flags: Flags): string {
  const code = cursor.format.codePointAt(cursor.at) ?? 0;
  cursor.at += code > 0xffff ? 2 : 1;
  const verb = String.fromCodePoint(code >= 0xd800 && code <= 0xdfff ? 0xfffd : code);
  if (verb === "%") return "%";
  if (!cursor.goodArg) return `%!${verb}(BADINDEX)`;
  const value = cursor.args[cursor.arg];
  if (value === undefined) return `%!${verb}(MISSING)`;
  cursor.arg++;
  if (verb !== "v" && verb !== "w") return formatArgument(value, verb, flags);
  const plain = { ...flags, sharpV: flags.sharp, sharp: false, plusV: flags.plus, plus: false };
  return formatArgument(value, verb, plain);
}

function readFlags(cursor: Cursor): Flags {
  const flags: Flags = { ...noFlags };
  for (; ; cursor.at++) {
    switch (cursor.format[cursor.at]) {
      case "#":
        flags.sharp = true;
        break;
      case "0":
        flags.zero = true;
        break;
      case "+":
        flags.plus = true;
        break;
      case "-":
        flags.minus = true;
        break;
      case " ":
        flags.space = true;
        break;
      default:
        return flags;
    }
  }
}

function readWidth(cursor: Cursor, flags: Flags): string {
  if (cursor.format[cursor.at] !== "*") {
    flags.width = readNumber(cursor);
    if (cursor.afterIndex && flags.width !== undefined) cursor.goodArg = false;
    return "";
  }
  cursor.at++;
  cursor.afterIndex = false;
  const width = intArgument(cursor);
  if (width === undefined) return "%!(BADWIDTH)";
  flags.width = Math.abs(width);
  if (width < 0) {
    flags.minus = true;
    flags.zero = false;
  }
  return "";
}

function readPrecision(cursor: Cursor, flags: Flags): string {
  if (cursor.format[cursor.at] !== "." || cursor.at + 1 > cursor.format.length) return "";
  cursor.at++;
  if (cursor.afterIndex) cursor.goodArg = false;
  readArgIndex(cursor);
  if (cursor.format[cursor.at] !== "*") {
    flags.precision = readNumber(cursor) ?? 0;
    return "";
  }
  cursor.at++;
  cursor.afterIndex = false;
  const precision = intArgument(cursor);
  if (precision === undefined || precision < 0) return "%!(BADPREC)";
  flags.precision = precision;
  return "";
}

// Go gives up on a number beyond a million, and with it on the rest of the format.
function readNumber(cursor: Cursor): number | undefined {
  const digits = /^[0-9]+/.exec(cursor.format.slice(cursor.at, cursor.at + 24))?.[0];
  if (digits === undefined) return undefined;
  if (BigInt(digits.slice(0, -1) || "0") > maxNumber) {
    cursor.at = cursor.format.length;
    return undefined;
  }
  cursor.at += digits.length;
  return Number(digits);
}

function intArgument(cursor: Cursor): number | undefined {
  const value = cursor.args[cursor.arg];
  if (value === undefined) return undefined;
  cursor.arg++;
  const int = goIntOf(value);
  return int === undefined || int > maxNumber || int < -maxNumber ? undefined : Number(int);
}

// `[n]` chooses the argument; what stands in the brackets is skipped even where it is no such number.
function readArgIndex(cursor: Cursor): void {
  cursor.afterIndex = false;
  if (cursor.format[cursor.at] !== "[") return;
  cursor.reordered = true;
  const isCut = cursor.format.length - cursor.at < 3;
  const close = isCut ? -1 : cursor.format.indexOf("]", cursor.at);
  const text = close < 0 ? "" : cursor.format.slice(cursor.at + 1, close);
  const isNumber = /^[0-9]{1,7}$/.test(text);
  cursor.at = close < 0 ? cursor.at + 1 : close + 1;
  const index = Number(text) - 1;
  cursor.afterIndex = isNumber;
  if (isNumber && index >= 0 && index < cursor.args.length) cursor.arg = index;
  else cursor.goodArg = false;
}
