import type { Matcher, RE2JS } from "re2js";
import { GoSlice, nilList } from "../../base/go-objects.ts";
import type { GoValue } from "../../base/go-value.ts";
import { compileRe2 } from "../../base/re2.ts";
import { FunctionError, type FunctionTable } from "../function.ts";
import { canBackquote, quote } from "../quote.ts";
import { fn } from "./define.ts";
import { expandTemplate } from "./regex-template.ts";

type Match = { start: number; end: number };
type Compile = (pattern: string) => RE2JS;

const maxCached = 256;
const cache = new Map<string, RE2JS>();

/** Those without `must` panic on a broken pattern, which adds to the message. */
export const regexFunctions: FunctionTable = {
  regexMatch: fn(["string", "string"], (pattern: string, text: string) => {
    const regex = tryCompile(pattern);
    return regex instanceof FunctionError ? false : regex.test(text);
  }),
  mustRegexMatch: fn(["string", "string"], (pattern: string, text: string) => compile(pattern).test(text)),
  ...both("RegexFindAll", (make) =>
    fn(["string", "string", "int"], (pattern: string, text: string, limit: bigint) =>
      findAll(make(pattern), text, limit),
    ),
  ),
  ...both("RegexFind", (make) =>
    fn(["string", "string"], (pattern: string, text: string) => {
      const matcher = make(pattern).matcher(text);
      return matcher.find(0) ? text.slice(matcher.start(), matcher.end()) : "";
    }),
  ),
  ...both("RegexReplaceAll", (make) =>
    fn(["string", "string", "string"], (pattern: string, text: string, template: string) => {
      const regex = make(pattern);
      return replaceAll(regex, text, (matcher) => expandTemplate(template, { regex, matcher, text }));
    }),
  ),
  ...both("RegexReplaceAllLiteral", (make) =>
    fn(["string", "string", "string"], (pattern: string, text: string, replacement: string) =>
      replaceAll(make(pattern), text, () => replacement),
    ),
  ),
  ...both("RegexSplit", (make) =>
    fn(["string", "string", "int"], (pattern: string, text: string, limit: bigint) =>
      split(make(pattern), text, limit),
    ),
  ),
  regexQuoteMeta: fn(["string"], (text: string) => text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&")),
};

function both(name: string, define: (make: Compile) => FunctionTable[string]): FunctionTable {
  return { [`r${name.slice(1)}`]: define(compileOrPanic), [`must${name}`]: define(compile) };
}

function compile(pattern: string): RE2JS {
  const regex = tryCompile(pattern);
  if (regex instanceof FunctionError) throw regex;
  return regex;
}

function compileOrPanic(pattern: string): RE2JS {
  const regex = tryCompile(pattern);
  if (!(regex instanceof FunctionError)) return regex;
  const quoted = canBackquote(pattern) ? `\`${pattern}\`` : quote(pattern);
  throw new FunctionError(`regexp: Compile(${quoted}): ${regex.message}`);
}

function tryCompile(pattern: string): RE2JS | FunctionError {
  const cached = cache.get(pattern);
  if (cached) return cached;
  const regex = compileRe2(pattern);
  if ("problem" in regex) return new FunctionError(regex.problem);
  if (cache.size >= maxCached) cache.clear();
  cache.set(pattern, regex);
  return regex;
}

/** Go's matches: an empty one right behind another match doesn't count. */
function* matches(regex: RE2JS, text: string): Generator<Match> {
  const matcher = regex.matcher(text);
  let previousEnd = -1;
  for (let at = 0; at <= text.length && matcher.find(at); ) {
    const match = { start: matcher.start(), end: matcher.end() };
    const emptyHere = match.end === at;
    at = emptyHere ? at + characterLength(text, at) : match.end;
    if (!emptyHere || match.start !== previousEnd) yield match;
    previousEnd = match.end;
  }
}

function characterLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function findAll(regex: RE2JS, text: string, limit: bigint): GoValue {
  const found: string[] = [];
  if (limit !== 0n) {
    for (const { start, end } of matches(regex, text)) {
      found.push(text.slice(start, end));
      if (BigInt(found.length) === limit) break;
    }
  }
  return new GoSlice("[]string", found.length === 0 ? nilList : found);
}

function replaceAll(regex: RE2JS, text: string, replacement: (matcher: Matcher) => string): string {
  const matcher = regex.matcher(text);
  let result = "";
  let copied = 0;
  for (let at = 0; at <= text.length && matcher.find(at); ) {
    const start = matcher.start();
    const end = matcher.end();
    result += text.slice(copied, start);
    // An empty match right behind another is not replaced.
    if (end > copied || start === 0) result += replacement(matcher);
    copied = end;
    const next = at + characterLength(text, at);
    at = Math.max(next, end);
  }
  return copied === 0 && result === "" ? text : result + text.slice(copied);
}

function split(regex: RE2JS, text: string, limit: bigint): GoValue {
  if (limit === 0n) return new GoSlice("[]string", nilList);
  if (regex.pattern() !== "" && text === "") return new GoSlice("[]string", [""]);
  const parts: string[] = [];
  let start = 0;
  let end = 0;
  let seen = 0n;
  for (const match of matches(regex, text)) {
    if (limit > 0n && (BigInt(parts.length) === limit - 1n || seen === limit)) break;
    seen++;
    end = match.start;
    if (match.end !== 0) parts.push(text.slice(start, end));
    start = match.end;
  }
  if (end !== text.length) parts.push(text.slice(start));
  return new GoSlice("[]string", parts);
}
