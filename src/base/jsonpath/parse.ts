import { SlipwayError } from "../error.ts";
import { unquote } from "./unquote.ts";

/** One bound of `[from:to:step]`; `derived` where `[3]` means `[3:4]`. */
export type Bound = { value: number; derived?: true } | undefined;

export type PathNode =
  | { type: "list"; nodes: PathNode[] }
  | { type: "text"; text: string }
  | { type: "field"; name: string }
  | { type: "slice"; from: Bound; to: Bound; step: Bound }
  | { type: "filter"; left: PathNode[]; operator: string; right: PathNode[] }
  | { type: "literal"; value: boolean | number; isInteger: boolean }
  | { type: "wildcard" }
  | { type: "recursive" }
  | { type: "union"; lists: PathNode[][] }
  | { type: "word"; name: string };

const terminators = " \t\r\n.,[]$@{}";

/**
 * Parses Kubernetes' JSONPath templates: text, and paths between braces. The nodes are the texts and, of each pair of
 * braces, a list. Throws INPUT_INVALID.
 */
export function parseJsonPath(template: string): PathNode[] {
  try {
    return new Parser(template).template();
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    throw new SlipwayError("INPUT_INVALID", `The JSONPath ${template} can't be read: ${error.message}`, {
      hint: "Write it as for kubectl: {.image.tag}, or {range .ports[*]}{.name}{'\\n'}{end}.",
    });
  }
}

class Mistake extends Error {}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  template(): PathNode[] {
    const nodes: PathNode[] = [];
    while (this.#at < this.#text.length) {
      const brace = this.#text.indexOf("{", this.#at);
      const end = brace < 0 ? this.#text.length : brace;
      if (end > this.#at) nodes.push({ type: "text", text: this.#text.slice(this.#at, end) });
      this.#at = end;
      if (brace >= 0) nodes.push({ type: "list", nodes: this.#action() });
    }
    return nodes;
  }

  /** What stands between the brace that is next and its partner. */
  #action(): PathNode[] {
    const nodes: PathNode[] = [];
    this.#at++;
    while (!this.#skip("}")) this.#step(nodes);
    return nodes;
  }

  #step(nodes: PathNode[]): void {
    const next = this.#peek();
    if (this.#skip("[?(")) nodes.push(this.#filter());
    else if (this.#skip("..")) this.#recursive(nodes);
    else if (next === "" || next === "\n" || next === "\r") throw new Mistake("unclosed action");
    else if (next === " " || next === "@" || next === "$") this.#at++;
    else if (next === "[") nodes.push(...this.#brackets());
    else if (next === '"' || next === "'") nodes.push({ type: "text", text: this.#quoted(next) });
    else if (this.#skip(".")) nodes.push(this.#field());
    else if (/[+\-\p{Nd}]/u.test(next)) nodes.push(this.#number());
    else if (/[\p{L}_]/u.test(next)) nodes.push(this.#word());
    else throw new Mistake(`unrecognized character in action: ${JSON.stringify(next)}`);
  }

  #recursive(nodes: PathNode[]): void {
    if (nodes.at(-1)?.type === "recursive") throw new Mistake("invalid multiple recursive descent");
    nodes.push({ type: "recursive" });
    if (/[\p{L}\p{Nd}_]/u.test(this.#peek())) nodes.push(this.#field());
  }

  #field(): PathNode {
    const start = this.#at;
    while (this.#at < this.#text.length && !terminators.includes(this.#peek()))
      this.#at += this.#peek() === "\\" ? 2 : 1;
    const name = this.#text.slice(start, this.#at);
    return name === "*" ? { type: "wildcard" } : { type: "field", name: name.replaceAll("\\", "") };
  }

  #word(): PathNode {
    const start = this.#at;
    while (this.#at < this.#text.length && !terminators.includes(this.#peek())) this.#at++;
    const name = this.#text.slice(start, this.#at);
    if (name === "true" || name === "false") return { type: "literal", value: name === "true", isInteger: false };
    return { type: "word", name };
  }

  #number(): PathNode {
    const text = this.#match(/[+-]?[\p{Nd}.]*/uy);
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) throw new Mistake(`cannot parse number ${text}`);
    return { type: "literal", value: Number(text), isInteger: !text.includes(".") };
  }

  #quoted(quote: string): string {
    let end = this.#at;
    do {
      end = this.#text.indexOf(quote, end + 1);
    } while (end > 0 && this.#text.charAt(end - 1) === "\\");
    const raw = this.#text.slice(this.#at, end < 0 ? undefined : end + 1);
    if (end < 0 || raw.includes("\n")) throw new Mistake("unterminated quoted string");
    this.#at = end + 1;
    const text = unquote(raw);
    if (text === undefined) throw new Mistake(`unquote string ${raw} error invalid syntax`);
    return text;
  }

  #brackets(): PathNode[] {
    const raw = this.#match(/\[[^\]\n]*\]/y);
    if (raw === "") throw new Mistake("unterminated array");
    const inside = raw.slice(1, -1);
    if (inside.includes(",")) {
      const lists = inside.split(",").map((part) => actionOf(`[${part.replace(/^ +| +$/g, "")}]`));
      return [{ type: "union", lists }];
    }
    const key = /^'([^']*)'$/.exec(inside)?.[1];
    return key === undefined ? [slice(inside)] : actionOf(`.${key}`);
  }

  /** Up to the bracket that ends it; a parenthesis inside a quote is part of the quote. */
  #filter(): PathNode {
    const text = this.#match(/(?:[^"')\n]|(["'])(?:\\.|(?!\1)[^\n\\])*\1)*\)/y);
    if (text === "") throw new Mistake("unterminated filter");
    if (!this.#skip("]")) throw new Mistake("unclosed array expect ]");
    const expression = text.slice(0, -1);
    const [, left, operator = "", right] = /^([^!<>=]+)([!<>=]+)(.+)$/.exec(expression) ?? [];
    if (left === undefined || right === undefined) {
      return { type: "filter", left: actionOf(expression), operator: "exists", right: [] };
    }
    return { type: "filter", left: actionOf(left), operator, right: actionOf(right) };
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #skip(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += text.length;
    return text;
  }
}

function actionOf(text: string): PathNode[] {
  const [first] = new Parser(`{${text}}`).template();
  return first?.type === "list" ? first.nodes : [];
}

function slice(inside: string): PathNode {
  const match = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(inside === "*" ? ":" : inside);
  if (match === null) throw new Mistake(`invalid array index ${inside}`);
  const [, from = "", to, step] = match;
  const start = bound(from);
  const end: Bound = to === undefined ? { value: (start?.value ?? 0) + 1, derived: true } : bound(to.slice(1));
  return { type: "slice", from: start, to: end, step: step === undefined ? undefined : bound(step.slice(1)) };
}

function bound(text: string): Bound {
  if (text === "") return undefined;
  if (text === "-") throw new Mistake(`array index ${text} is not a number`);
  return { value: Number(text) };
}
