import { createRequire } from "node:module";
import type { RE2JS } from "re2js";

const fromSource = createRequire(import.meta.url);
let re2: typeof import("re2js") | undefined;

/** Loaded on first use, which can't wait for `import()`; of `require` the bundler makes a part of the bundle. */
export function loadRe2(): typeof import("re2js") {
  re2 ??= typeof require === "function" ? (require("re2js") as typeof import("re2js")) : fromSource("re2js");
  return re2 as typeof import("re2js");
}

/** A regular expression of Go, which takes time in proportion to the text; the message is Go's where it is none. */
export function compileRe2(pattern: string): RE2JS | { problem: string } {
  const { RE2JSException } = loadRe2();
  try {
    return compileLikeGo(pattern);
  } catch (cause) {
    if (!(cause instanceof RE2JSException)) throw cause;
    return { problem: toGoMessage(cause.message) };
  }
}

// Go names the broken part in every message, even where it is empty.
function toGoMessage(message: string): string {
  if (message.endsWith("invalid named capture: `(?<`")) {
    return "error parsing regexp: invalid or unsupported Perl syntax: `(?<`";
  }
  return message.endsWith("`") ? message : `${message}: \`\``;
}

// Go allows two groups of one name: the second goes without.
function compileLikeGo(pattern: string): RE2JS {
  const { RE2JS, RE2JSException } = loadRe2();
  try {
    return RE2JS.compile(pattern);
  } catch (cause) {
    if (!(cause instanceof RE2JSException) || !cause.message.includes("duplicate capture group name")) throw cause;
    const seen = new Set<string>();
    const renamed = pattern.replace(/\(\?P?<(\w+)>/g, (group, name: string) => {
      if (seen.has(name)) return "(";
      seen.add(name);
      return group;
    });
    return RE2JS.compile(renamed);
  }
}
