import { SlipwayError } from "../base/error.ts";
import type { GoValue } from "../base/go-value.ts";
import { readJsonPrefix } from "./json-prefix.ts";
import type { ValueSyntax } from "./set-parser.ts";

/** `--set`: true, false, null and whole numbers are what they look like. */
export const typedSyntax: ValueSyntax = { escapes: true, convert: typedValue };

/** `--set-string` */
export const stringSyntax: ValueSyntax = { escapes: true, convert: (text) => text };

/** `--set-literal`: all behind the first `=` is the value. */
export const literalSyntax: ValueSyntax = { escapes: false, convert: (text) => text };

/** `--set-json` */
export const jsonSyntax: ValueSyntax = { escapes: true, convert: (text) => text, readPrefix: readJsonPrefix };

/** `--set-file`: the value names the file whose content is taken. */
export function fileSyntax(read: (path: string) => string): ValueSyntax {
  return { escapes: true, convert: read };
}

const maxInt64 = 2n ** 63n - 1n;

function typedValue(text: string): GoValue {
  const lower = text.toLowerCase();
  if (lower === "true") return true;
  if (lower === "false") return false;
  if (lower === "null") return null;
  if (text === "0") return 0n;
  // A leading zero means that it is no number: an account's number, say.
  if (!/^(?:[1-9]\d*|[+-]\d+)$/.test(text)) return text;
  const value = BigInt(text.replace("+", ""));
  return value > maxInt64 || value < -maxInt64 - 1n ? text : value;
}

/** A JSON object given to `--set-json` on its own. */
export function isJsonObject(expression: string): boolean {
  return expression.trim().startsWith("{");
}

export function notJson(expression: string, cause: unknown): SlipwayError {
  return new SlipwayError("VALUES_INVALID", `Cannot read --set-json ${expression}: failed parsing --set-json data`, {
    hint: "Write name=JSON, for example --set-json 'ports=[80, 443]', or a whole object: --set-json '{\"a\": 1}'.",
    cause,
  });
}
