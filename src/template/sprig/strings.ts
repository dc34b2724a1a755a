import { GoSlice, GoTypedMap } from "../../base/go-objects.ts";
import { byteLength } from "../../base/go-string.ts";
import type { GoValue } from "../../base/go-value.ts";
import { goText } from "../format.ts";
import { FunctionError, type FunctionTable } from "../function.ts";
import { quote as quoteString } from "../quote.ts";
import { checkLength, fn, variadic } from "./define.ts";
import { initials, lower, removeSpace, swapCase, title, trimSpace, untitle, upper } from "./letters.ts";
import { abbreviate, abbreviateBoth, substring, truncate } from "./slicing.ts";
import { textOf, toStrings } from "./text.ts";
import { toLowerWords, toPascalCase } from "./word-case.ts";
import { wrapText } from "./wrapping.ts";

/** Texts are measured and cut in bytes wherever Go's functions do so. */
export const stringFunctions: FunctionTable = {
  hello: fn([], () => "Hello!"),
  abbrev: fn(["int", "string"], abbreviate),
  abbrevboth: fn(["int", "int", "string"], abbreviateBoth),
  trunc: fn(["int", "string"], truncate),
  substr: fn(["int", "int", "string"], substring),
  trim: fn(["string"], trimSpace),
  upper: fn(["string"], upper),
  lower: fn(["string"], lower),
  title: fn(["string"], title),
  untitle: fn(["string"], untitle),
  swapcase: fn(["string"], swapCase),
  nospace: fn(["string"], removeSpace),
  initials: fn(["string"], initials),
  snakecase: fn(["string"], (text: string) => toLowerWords(text, "_")),
  kebabcase: fn(["string"], (text: string) => toLowerWords(text, "-")),
  camelcase: fn(["string"], toPascalCase),
  repeat: fn(["int", "string"], repeat),
  trimall: fn(["string", "string"], trimAll),
  trimAll: fn(["string", "string"], trimAll),
  trimSuffix: fn(["string", "string"], (suffix: string, text: string) =>
    suffix !== "" && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
  ),
  trimPrefix: fn(["string", "string"], (prefix: string, text: string) =>
    text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  wrap: fn(["int", "string"], (width: bigint, text: string) =>
    wrapText(text, { width, separator: "\n", breakWords: false }),
  ),
  wrapWith: fn(["int", "string", "string"], (width: bigint, separator: string, text: string) =>
    wrapText(text, { width, separator, breakWords: true }),
  ),
  contains: fn(["string", "string"], (part: string, text: string) => text.includes(part)),
  hasPrefix: fn(["string", "string"], (prefix: string, text: string) => text.startsWith(prefix)),
  hasSuffix: fn(["string", "string"], (suffix: string, text: string) => text.endsWith(suffix)),
  quote: variadic(["any"], (...values: GoValue[]) => joinPresent(values, (value) => quoteString(textOf(value)))),
  squote: variadic(["any"], (...values: GoValue[]) => joinPresent(values, (value) => `'${goText(value)}'`)),
  cat: variadic(["any"], (...values: GoValue[]) => joinPresent(values, goText)),
  indent: fn(["int", "string"], indent),
  nindent: fn(["int", "string"], (spaces: bigint, text: string) => `\n${indent(spaces, text)}`),
  replace: fn(["string", "string", "string"], replace),
  plural: fn(["string", "string", "int"], (one: string, many: string, count: bigint) => (count === 1n ? one : many)),
  toString: fn(["any"], textOf),
  toStrings: fn(["any"], (value: GoValue) =>
    value instanceof GoSlice && value.goType === "[]string" ? value : stringSlice(toStrings(value)),
  ),
  join: fn(["string", "any"], (separator: string, value: GoValue) => toStrings(value).join(separator)),
  split: fn(["string", "string"], (separator: string, text: string) => numbered(splitText(text, separator))),
  splitn: fn(["string", "int", "string"], (separator: string, count: bigint, text: string) =>
    numbered(splitCount(text, separator, Number(count))),
  ),
  splitList: fn(["string", "string"], (separator: string, text: string) => stringSlice(splitText(text, separator))),
};

export function stringSlice(items: string[]): GoSlice {
  return new GoSlice("[]string", items);
}

function joinPresent(values: GoValue[], toText: (value: GoValue) => string): string {
  if (values.length === 1) return values[0] === null || values[0] === undefined ? "" : toText(values[0]);
  return values
    .filter((value) => value !== null)
    .map(toText)
    .join(" ");
}

function repeat(count: bigint, text: string): string {
  if (count < 0n) throw new FunctionError("strings: negative Repeat count");
  if (text === "") return "";
  const total = BigInt(byteLength(text)) * count;
  if (total >> 63n > 0n) throw new FunctionError("strings: Repeat output length overflow");
  checkLength(Number(total));
  return text.repeat(Number(count));
}

function indent(spaces: bigint, text: string): string {
  const pad = repeat(spaces, " ");
  checkLength(text.length + pad.length * text.length);
  return pad + text.replaceAll("\n", `\n${pad}`);
}

function replace(old: string, replacement: string, text: string): string {
  if (old !== "") return text.replaceAll(old, () => replacement);
  return replacement + Array.from(text, (character) => character + replacement).join("");
}

function trimAll(cutset: string, text: string): string {
  const characters = Array.from(text);
  const cut = new Set(cutset);
  let start = 0;
  let end = characters.length;
  while (start < end && cut.has(characters[start] ?? "")) start++;
  while (end > start && cut.has(characters[end - 1] ?? "")) end--;
  return end - start === characters.length ? text : characters.slice(start, end).join("");
}

function splitText(text: string, separator: string): string[] {
  return separator === "" ? Array.from(text) : text.split(separator);
}

/** At most `count` parts, the last with the rest; all where `count` is negative. */
function splitCount(text: string, separator: string, count: number): string[] {
  const parts = splitText(text, separator);
  if (count < 0 || parts.length <= count) return parts;
  return count === 0 ? [] : [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)];
}

function numbered(parts: string[]): GoTypedMap {
  return new GoTypedMap("map[string]string", new Map(parts.map((part, index) => [`_${index}`, part])), "");
}
