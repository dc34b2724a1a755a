import { toBytes } from "../base/go-string.ts";
import type { GoValue } from "../base/go-value.ts";
import { goSprint } from "./format.ts";
import { isPrintable } from "./quote.ts";

const html: ReadonlyMap<string, string> = new Map([
  ["\0", "\ufffd"],
  ['"', "&#34;"],
  ["'", "&#39;"],
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
]);
const script: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ["'", "\\'"],
  ['"', '\\"'],
  ["<", "\\u003C"],
  [">", "\\u003E"],
  ["&", "\\u0026"],
  ["=", "\\u003D"],
]);

export function escapeHtml(...args: GoValue[]): string {
  return printedArguments(args).replace(/[\0"'&<>]/g, (char) => html.get(char) ?? char);
}

export function escapeScript(...args: GoValue[]): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are escaped
  return printedArguments(args).replace(/[\\'"<>&=\x00-\x1f]|[^\x00-\x7f]/gu, scriptChar);
}

function scriptChar(char: string): string {
  const short = script.get(char);
  if (short !== undefined) return short;
  const code = char.codePointAt(0) ?? 0;
  if (code >= 0xdc80 && code <= 0xdcff) return "\ufffd";
  return code >= 0x80 && isPrintable(code) ? char : `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Go's url.QueryEscape. */
export function escapeQuery(...args: GoValue[]): string {
  let out = "";
  for (const byte of toBytes(printedArguments(args))) {
    const char = String.fromCharCode(byte);
    if (/[A-Za-z0-9\-_.~]/.test(char)) out += char;
    else out += char === " " ? "+" : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}

function printedArguments(args: GoValue[]): string {
  return goSprint(...args.map((arg) => arg ?? "<no value>"));
}
