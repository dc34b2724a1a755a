import type { GoMap, GoValue } from "../base/go-value.ts";
import { SetError } from "./set-parser.ts";

/** The JSON value at the start of `text`, and how long it is: what follows may be the next expression. */
export function readJsonPrefix(text: string): { value: GoValue; length: number } {
  const end = endOfValue(text);
  return { value: fromJson(parse(text.slice(0, end))), length: Array.from(text.slice(0, end)).length };
}

export function parseJsonObject(text: string): GoMap {
  const value = fromJson(parse(text));
  if (value instanceof Map) return value;
  throw new SetError("not a JSON object");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SetError(cause instanceof Error ? cause.message : "invalid JSON");
  }
}

// A value that begins with a bracket ends at its pair, a text at its quote, anything else at a comma or blank.
function endOfValue(text: string): number {
  const first = text[0];
  if (first !== "{" && first !== "[" && first !== '"') {
    const length = text.search(/[\s,]/);
    return length < 0 ? text.length : length;
  }
  let depth = 0;
  let inText = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (inText) {
      if (char === "\\") i++;
      else if (char === '"') inText = false;
    } else if (char === '"') inText = true;
    else if (char === "{" || char === "[") depth++;
    else if (char === "}" || char === "]") depth--;
    if (depth === 0 && !inText) return i + 1;
  }
  return text.length;
}

/** Decoded JSON as Go holds it. */
export function fromJson(value: unknown): GoValue {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value === "object" && value !== null) {
    return new Map(Object.entries(value).map(([key, item]) => [key, fromJson(item)]));
  }
  return value as GoValue;
}
