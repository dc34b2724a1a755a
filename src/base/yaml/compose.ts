import { formatGoFloat32 } from "../go-float.ts";
import { YamlProblem } from "./problem.ts";
import { BINARY_TAG, isPlainText, MERGE_TAG, type Resolved, resolvePlain, resolveTagged } from "./resolve.ts";

export type Place = { line: number; column: number };
export type Container = Map<string, unknown> | Record<string, unknown> | unknown[];

export type ComposeOptions = {
  /** Mappings become plain objects instead of Maps. */
  plain: boolean;
  /** Integers that a float64 cannot hold stay bigint, and so do all others. */
  integers: boolean;
  /** A key that comes twice is an error. */
  strict: boolean;
  /** Where each entry of each container stands; filled only where someone will ask. */
  places?: Map<Container, Map<string | number, Place>> | undefined;
};

export type Anchor = {
  value: unknown;
  /** How many nodes were decoded for it, those of its own aliases included. */
  count: number;
  /** Its node is being read, so that an alias here would contain itself. */
  open: boolean;
};

/** Makes values of what the parser reads, and counts as go-yaml's decoder does to stop alias bombs. */
export type Composer = ComposeOptions & {
  anchors: Map<string, Anchor>;
  decoded: number;
  aliased: number;
  depth: number;
  /** Go-yaml decodes after it has parsed all: of its mistakes only the first counts, and only if the syntax is right. */
  decodeProblem: YamlProblem | undefined;
  /** Keys that JSON cannot have, by their map; they matter only if the map is still there in the end. */
  badKeys: Map<Container, BadKey>;
  /** Where the first infinite number was. */
  infinite: Place | undefined;
  duplicates: string[];
};

/** Beyond any real document, and safe for the recursion of everyone who walks the value. */
export const MAX_VALUE_DEPTH = 1000;

export function newComposer(options: ComposeOptions): Composer {
  return {
    ...options,
    anchors: new Map(),
    decoded: 1,
    aliased: 0,
    depth: 0,
    decodeProblem: undefined,
    badKeys: new Map(),
    infinite: undefined,
    duplicates: [],
  };
}

export function failDecode(c: Composer, text: string, place?: Place): void {
  c.decodeProblem ??= new YamlProblem(text, place?.line, place?.column ?? 0);
}

export function enter(c: Composer, place: Place): void {
  c.depth++;
  if (c.depth > MAX_VALUE_DEPTH) {
    throw new YamlProblem(`exceeded max depth of ${MAX_VALUE_DEPTH}`, place.line, place.column);
  }
}

export function newMapping(c: Composer): Map<string, unknown> | Record<string, unknown> {
  return c.plain ? {} : new Map();
}

/** As JSON.parse does it: `__proto__` becomes a key like any other. */
export function setPlain(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}

export function setEntry(target: Container, key: string, value: unknown): void {
  if (target instanceof Map) target.set(key, value);
  else setPlain(target as Record<string, unknown>, key, value);
}

export function hasEntry(target: Container, key: string): boolean {
  return target instanceof Map ? target.has(key) : Object.hasOwn(target, key);
}

/** The scalar's value. An explicit tag is `""` where there is none; quoted and block scalars are not `implicit`. */
export function composeScalar(c: Composer, text: string, tag: string, implicit: boolean, place: Place): unknown {
  if (tag === "" && (!implicit || isPlainText(text))) return text;
  const { value, tag: kind } = resolveScalar(c, text, tag);
  if (typeof value === "number") {
    if (kind === "int") return c.integers ? BigInt(value) : value;
    if (!Number.isFinite(value)) c.infinite ??= place;
    return value;
  }
  return typeof value === "bigint" && !c.integers ? Number(value) : value;
}

function resolveScalar(c: Composer, text: string, tag: string): Resolved {
  if (tag === "") return resolvePlain(text);
  if (tag === BINARY_TAG) return { tag: "str", value: decodeBinary(c, text) };
  try {
    return resolveTagged(tag, text);
  } catch (problem) {
    if (!(problem instanceof YamlProblem)) throw problem;
    c.decodeProblem ??= problem;
    return { tag: "null", value: null };
  }
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function decodeBinary(c: Composer, text: string): string {
  const packed = text.replace(/[\r\n]/g, "");
  if (BASE64.test(packed)) return Buffer.from(packed, "base64").toString("utf8");
  failDecode(c, "!!binary value contains invalid base64 data");
  return "";
}

export function isMergeKey(text: string, tag: string, implicit: boolean): boolean {
  return text === "<<" && (implicit || tag === MERGE_TAG);
}

/** A key that JSON cannot have; the message ends in the value. */
export class BadKey {
  readonly text: string;
  readonly place: Place;
  value: unknown = null;
  constructor(text: string, place: Place) {
    this.text = text;
    this.place = place;
  }
}

/** A key as sigs.k8s.io/yaml spells it: floats shortened to a float32's digits, booleans in words. */
export function composeKey(c: Composer, text: string, tag: string, implicit: boolean, place: Place): string | BadKey {
  if (tag === "" && (!implicit || isPlainText(text))) return text;
  const { value, tag: kind } = resolveScalar(c, text, tag);
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "true" : "false";
  if (kind === "float") return floatKey(value as number);
  if (value === null) return new BadKey("unsupported map key of type: %!s(<nil>), key: <nil>, value: ", place);
  if (typeof value === "bigint" && value >= 2n ** 63n) {
    return new BadKey(`unsupported map key of type: uint64, key: 0x${value.toString(16)}, value: `, place);
  }
  return String(value);
}

const INFINITIES: Readonly<Record<string, string>> = { NaN: ".nan", "+Inf": ".inf", "-Inf": "-.inf" };

function floatKey(value: number): string {
  const text = formatGoFloat32(value);
  return INFINITIES[text] ?? text;
}
