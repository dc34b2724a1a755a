import { peek } from "./fetch.ts";
import { yamlError } from "./problem.ts";
import { dropToken, type Scanner, TAG_DIRECTIVE, type Token, VERSION_DIRECTIVE } from "./scanner.ts";

/** Tag handles and what they stand for. */
export type Directives = ReadonlyMap<string, string>;

const DEFAULTS: Directives = new Map([
  ["!", "!"],
  ["!!", "tag:yaml.org,2002:"],
]);

/** The directives before a document. Only YAML 1.1 is known, and only once. */
export function readDirectives(s: Scanner): Directives {
  let tags: Map<string, string> | undefined;
  let versioned = false;
  for (;;) {
    const token = peek(s);
    if (token.type === VERSION_DIRECTIVE) {
      if (versioned) throw problemAt(token, "found duplicate %YAML directive");
      if (token.value !== "1.1") throw problemAt(token, "found incompatible YAML document");
      versioned = true;
    } else if (token.type === TAG_DIRECTIVE) {
      tags ??= new Map();
      if (tags.has(token.value)) throw problemAt(token, "found duplicate %TAG directive");
      tags.set(token.value, token.suffix);
    } else {
      return tags === undefined ? DEFAULTS : new Map([...DEFAULTS, ...tags]);
    }
    dropToken(s);
  }
}

export function tagOf(directives: Directives, token: Token): string {
  if (token.value === "") return token.suffix;
  const prefix = directives.get(token.value);
  const tag = prefix === undefined ? "" : prefix + token.suffix;
  if (tag === "") throw problemAt(token, "found undefined tag handle");
  return tag;
}

function problemAt(token: Token, problem: string) {
  return yamlError("parser", problem, token.line, token.column);
}
