import { quoteGo } from "../go-quote.ts";
import {
  type Anchor,
  type Composer,
  type Container,
  failDecode,
  hasEntry,
  MAX_VALUE_DEPTH,
  newMapping,
  type Place,
  setEntry,
} from "./compose.ts";
import { YamlProblem } from "./problem.ts";

// How much of all decoding may come from aliases: 99 % of a small document, 10 % of a huge one, as in go-yaml.
const SMALL = 400_000;
const LARGE = 4_000_000;
const FEW_ALIASED = 100;
const FEW_DECODED = 1000;

export function beginAnchor(c: Composer, name: string): Anchor {
  const anchor = { value: null, count: c.decoded, open: true };
  c.anchors.set(name, anchor);
  return anchor;
}

export function endAnchor(c: Composer, anchor: Anchor, value: unknown): void {
  anchor.value = value;
  anchor.count = c.decoded - anchor.count;
  anchor.open = false;
}

/** A copy of what the anchor stands for, as go-yaml decodes an anchored node again for each alias. */
export function aliasValue(c: Composer, name: string, place: Place): unknown {
  const anchor = c.anchors.get(name);
  if (anchor === undefined) throw new YamlProblem(`unknown anchor '${name}' referenced`, place.line, place.column);
  if (anchor.open) failDecode(c, `anchor '${name}' value contains itself`, place);
  // The node itself has been counted already; of an anchor that is no node of its own, nothing is.
  c.decoded += anchor.count + 1;
  c.aliased += anchor.count + 1;
  const ratio = c.aliased / c.decoded;
  if (c.aliased > FEW_ALIASED && c.decoded > FEW_DECODED && ratio > allowedRatio(c.decoded)) {
    failDecode(c, "document contains excessive aliasing", place);
  }
  return c.decodeProblem === undefined ? copy(c, anchor.value, c.depth, place) : null;
}

function allowedRatio(decoded: number): number {
  if (decoded <= SMALL) return 0.99;
  if (decoded >= LARGE) return 0.1;
  return 0.99 - (0.89 * (decoded - SMALL)) / (LARGE - SMALL);
}

function copy(c: Composer, value: unknown, depth: number, place: Place): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_VALUE_DEPTH)
    throw new YamlProblem(`exceeded max depth of ${MAX_VALUE_DEPTH}`, place.line, place.column);
  let made: Container;
  if (Array.isArray(value)) {
    made = value.map((item) => copy(c, item, depth + 1, place));
  } else {
    made = newMapping(c);
    for (const [key, item] of entriesOf(value)) setEntry(made, key, copy(c, item, depth + 1, place));
  }
  keepBadKey(c, value as Container, made);
  const places = c.places?.get(value as Container);
  if (places !== undefined) c.places?.set(made, new Map(places));
  return made;
}

function keepBadKey(c: Composer, from: Container, to: Container): void {
  const key = c.badKeys.get(from);
  if (key !== undefined) c.badKeys.set(to, key);
}

function entriesOf(value: object): Iterable<[string, unknown]> {
  return value instanceof Map ? value : Object.entries(value);
}

export function isMapping(value: unknown): value is Map<string, unknown> | Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands behind `<<`: the map's entries win over those before it and lose to those behind it. */
export function mergeInto(c: Composer, target: Container, value: unknown, wasAlias: boolean): void {
  const isList = Array.isArray(value) && !wasAlias && value.every(isMapping);
  if (!isMapping(value) && !isList) failDecode(c, "map merge requires map or sequence of maps as the value");
  else for (const item of isMapping(value) ? [value] : value.toReversed()) mergeOne(c, target, item);
}

function mergeOne(c: Composer, target: Container, value: Map<string, unknown> | Record<string, unknown>): void {
  keepBadKey(c, value, target);
  const places = c.places?.get(value);
  for (const [key, item] of entriesOf(value)) {
    setEntry(target, key, item);
    const place = places?.get(key);
    if (place !== undefined) notePlace(c, target, key, place);
  }
}

export function notePlace(c: Composer, container: Container, key: string | number, place: Place): void {
  if (c.places === undefined) return;
  let places = c.places.get(container);
  if (places === undefined) {
    places = new Map();
    c.places.set(container, places);
  }
  places.set(key, { line: place.line, column: place.column });
}

type Entry = { target: Container; key: string; keyToken: Place; value: unknown; valueLine: number };

/** A key that comes twice replaces the first, unless the reader is strict. */
export function putEntry(c: Composer, { target, key, keyToken, value, valueLine }: Entry): void {
  if (c.strict && hasEntry(target, key)) {
    c.duplicates.push(`line ${valueLine + 1}: key ${quoteGo(key)} already set in map`);
    return;
  }
  setEntry(target, key, value);
  notePlace(c, target, key, keyToken);
}
