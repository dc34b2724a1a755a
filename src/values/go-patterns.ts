import type { RE2JS } from "re2js";
import { compileRe2 } from "../base/re2.ts";

/**
 * Runs a validation in which the schema's patterns are Go's, as Helm reads them: other syntax, and no pattern that takes
 * for ever. Throws an Error for one that Go can't read, used or not.
 */
export function withGoPatterns<T>(schema: unknown, validate: () => T): T {
  const patterns = new Map<string, RE2JS>();
  for (const pattern of patternsIn(schema)) if (!patterns.has(pattern)) patterns.set(pattern, compiled(pattern));
  if (patterns.size === 0) return validate();
  // The validator takes no engine of its own, and makes each pattern anew; it runs through without giving way.
  const own = globalThis.RegExp;
  globalThis.RegExp = class {
    readonly #pattern: RE2JS;

    constructor(pattern: string) {
      this.#pattern = patterns.get(pattern) ?? compiled(pattern);
    }

    test(text: string): boolean {
      return this.#pattern.test(text);
    }
  } as unknown as RegExpConstructor;
  try {
    return validate();
  } finally {
    globalThis.RegExp = own;
  }
}

function compiled(pattern: string): RE2JS {
  const regex = compileRe2(pattern);
  if ("problem" in regex) throw new Error(`'${pattern}' is not valid regex: ${regex.problem}`);
  return regex;
}

/** Keywords whose values are data. */
const data = new Set(["const", "enum", "default", "examples"]);

function* patternsIn(schema: unknown): Generator<string> {
  if (Array.isArray(schema)) for (const item of schema) yield* patternsIn(item);
  else if (typeof schema === "object" && schema !== null) {
    for (const [key, value] of Object.entries(schema)) {
      if (data.has(key)) continue;
      if (key === "pattern" && typeof value === "string") yield value;
      if (key === "patternProperties" && typeof value === "object" && value !== null) yield* Object.keys(value);
      yield* patternsIn(value);
    }
  }
}
