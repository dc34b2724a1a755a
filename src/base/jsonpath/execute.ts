import { SlipwayError } from "../error.ts";
import { formatGoFloat } from "../go-float.ts";
import { goJsonEncode } from "../go-json.ts";
import { compareStrings, sortedKeys, toBytes } from "../go-string.ts";
import { GoInt, type GoValue } from "../go-value.ts";
import type { PathNode } from "./parse.ts";

/**
 * What the template prints of the value, as Kubernetes' JSONPath has it: several results with blanks between them, maps
 * and lists as JSON. Throws INPUT_INVALID where a path leads nowhere; then nothing is printed of all the template.
 */
export function executeJsonPath(nodes: readonly PathNode[], value: GoValue): string {
  try {
    const { results } = run(nodes, [value], { start: 0, depth: 0 });
    return results.map((found) => found.map(text).join(" ")).join("");
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { message, hint } = error;
    throw new SlipwayError("INPUT_INVALID", `The JSONPath prints nothing: ${message}`, { ...(hint && { hint }) });
  }
}

/** Why a path leads nowhere. */
class Fault extends Error {
  readonly hint: string | undefined;
  /** A filter that asks whether such a place is there takes the fault for a yes, as Kubernetes does. */
  readonly isOutOfPlace: boolean;

  constructor(message: string, { hint, isOutOfPlace = false }: { hint?: string; isOutOfPlace?: boolean } = {}) {
    super(message);
    this.hint = hint;
    this.isOutOfPlace = isOutOfPlace;
  }
}

function outOfPlace(message: string): Fault {
  return new Fault(message, { isOutOfPlace: true });
}

/** `at` is the `end` that the run came to. */
type Ran = { results: GoValue[][]; at: number | undefined };

function run(nodes: readonly PathNode[], input: GoValue[], { start, depth }: { start: number; depth: number }): Ran {
  const results: GoValue[][] = [];
  for (let at = start; at < nodes.length; at++) {
    const node = nodes[at] as PathNode;
    if (has(node, "end") && depth === 0) throw new Fault("not in range, nothing to end");
    const found = walk(input, node);
    if (has(node, "end")) return { results, at };
    if (!has(node, "range")) {
      results.push(found);
      continue;
    }
    const inside = { start: at + 1, depth: depth + 1 };
    const rounds = found.map((item) => run(nodes, [item], inside));
    // Of an empty range the body is looked at all the same, with nothing to look at.
    const last = rounds.at(-1) ?? run(nodes, [null], inside);
    results.push(...rounds.flatMap((round) => round.results));
    at = last.at ?? at;
  }
  return { results, at: undefined };
}

function has(node: PathNode, word: string): boolean {
  return node.type === "list" && node.nodes.some((inner) => inner.type === "word" && inner.name === word);
}

function walkAll(input: GoValue[], nodes: readonly PathNode[]): GoValue[] {
  return nodes.reduce(walk, input);
}

function walk(input: GoValue[], node: PathNode): GoValue[] {
  switch (node.type) {
    case "list":
      return walkAll(input, node.nodes);
    case "text":
      return [node.text];
    case "literal":
      return input.map(() => (node.isInteger ? new GoInt("int", BigInt(node.value)) : node.value));
    case "word":
      if (node.name === "range") return input;
      if (node.name === "end") return [];
      throw new Fault(`unrecognized identifier ${node.name}`);
    case "field":
      return fields(input, node.name);
    case "wildcard":
      return input.flatMap((item) => (typeof item === "string" ? bytesOf(item) : children(item)));
    case "recursive":
      return input.flatMap(descendants);
    case "union":
      return node.lists.flatMap((list) => walkAll(input, list));
    case "slice":
      return input.flatMap((item) => (item === null ? [] : sliced(item, node)));
    case "filter":
      return input.flatMap((item) => filtered(item, node));
  }
}

function fields(input: GoValue[], name: string): GoValue[] {
  const found = input.flatMap((item) => (item instanceof Map && item.has(name) ? [item.get(name) as GoValue] : []));
  if (input.length > 0 && found.length === 0) throw new Fault(`${name} is not found`);
  return found;
}

// In Go's maps there is no order; here it is that of the keys.
function children(value: GoValue): GoValue[] {
  if (value instanceof Map) return sortedKeys(value).map((key) => value.get(key) as GoValue);
  return Array.isArray(value) ? value : [];
}

function bytesOf(value: string): GoValue[] {
  return Array.from(toBytes(value), (byte) => new GoInt("uint8", BigInt(byte)));
}

/** The value and all below it that has parts, as every text but the empty one does. */
function descendants(value: GoValue): GoValue[] {
  const parts = children(value);
  const hasParts = parts.length > 0 || (typeof value === "string" && value !== "");
  return hasParts ? [value, ...parts.flatMap(descendants)] : [];
}

type Slice = Extract<PathNode, { type: "slice" }>;

function sliced(list: GoValue, { from, to, step }: Slice): GoValue[] {
  if (!Array.isArray(list)) throw outOfPlace("what is no list has no index");
  const { length } = list;
  const start = counted(from?.value ?? 0, length);
  const end = to === undefined ? length : counted(to.value, length, to.derived);
  if (start === end) return [];
  for (const index of [start, end - 1]) {
    if (index < 0 || index >= length) throw outOfPlace(`array index out of bounds: index ${index}, length ${length}`);
  }
  if (start > end) throw outOfPlace(`starting index ${start} is greater than ending index ${end}`);
  const every = step?.value ?? 1;
  if (every <= 0) throw outOfPlace("step must be > 0");
  return list.slice(start, end).filter((_, index) => index % every === 0);
}

/** From the end where it is negative, and as the end of `[-1]`, which is the list's. */
function counted(index: number, length: number, derived = false): number {
  return index < 0 || (index === 0 && derived) ? index + length : index;
}

type Filter = Extract<PathNode, { type: "filter" }>;

function filtered(list: GoValue, { left, operator, right }: Filter): GoValue[] {
  if (!Array.isArray(list)) throw outOfPlace("what is no list can't be filtered");
  if (operator === "exists") return list.filter((item) => exists(item, left));
  return list.filter((item) => {
    const [mine, theirs] = [left, right].map((nodes) => walkAll([item], nodes));
    if (mine === undefined || theirs === undefined || mine.length === 0 || theirs.length === 0) return false;
    if (mine.length > 1 || theirs.length > 1) throw new Fault("can only compare one element at a time");
    return compare(mine[0] ?? null, operator, theirs[0] ?? null);
  });
}

function exists(item: GoValue, nodes: readonly PathNode[]): boolean {
  try {
    return walkAll([item], nodes).length > 0;
  } catch (error) {
    if (error instanceof Fault) return error.isOutOfPlace;
    throw error;
  }
}

function compare(left: GoValue, operator: string, right: GoValue): boolean {
  const order = orderOf(left, right);
  if (typeof left === "boolean" && operator !== "==" && operator !== "!=") throw incomparable(left, right);
  switch (operator) {
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    default:
      throw new Fault(`unrecognized filter operator ${operator}`);
  }
}

function orderOf(left: GoValue, right: GoValue): number {
  if (typeof left === "string" && typeof right === "string") return compareStrings(left, right);
  if (typeof left === "boolean" && typeof right === "boolean") return Number(left) - Number(right);
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (left instanceof GoInt && right instanceof GoInt) return Number(left.value - right.value);
  throw incomparable(left, right);
}

function incomparable(left: GoValue, right: GoValue): Fault {
  const isNumbers = [left, right].every((value) => typeof value === "number" || value instanceof GoInt);
  return new Fault(`${text(left)} and ${text(right)} can't be compared`, {
    ...(isNumbers && { hint: "Numbers of values have a fraction: write 1.0 for 1." }),
  });
}

function text(value: GoValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return formatGoFloat(value);
  return goJsonEncode(value);
}
