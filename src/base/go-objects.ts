import { SlipwayError } from "./error.ts";
import { fromBytes } from "./go-string.ts";
import { GoInt, type GoMap, GoObject, type GoValue } from "./go-value.ts";

/**
 * A nil `[]any`. It behaves as an empty list, but JSON and YAML write it as null: `concat` of empty lists gives it.
 * Compare with `===`.
 */
export const nilList: GoValue[] = [];
Object.freeze(nilList);

/** A nil `map[string]any`: reads as an empty map, is written as null, and refuses to be changed. Compare with `===`. */
export const nilMap: GoMap = new (class extends Map<string, GoValue> {
  override set(): never {
    throw new SlipwayError("TEMPLATE_EXEC", "assignment to entry in nil map");
  }
})();

/** A slice whose element type is not `any`: `[]string`, `[]int`, `[][]interface {}`. Its items are as the element type prints. */
export class GoSlice extends GoObject {
  readonly goType: string;
  readonly goKind = "slice";
  readonly #items: GoValue[];

  constructor(goType: string, items: GoValue[]) {
    super();
    this.goType = goType;
    this.#items = items;
  }

  get items(): GoValue[] {
    return this.#items;
  }

  /** Go's `x[from:to]`. */
  part(from: number, to: number): GoSlice {
    return new GoSlice(this.goType, this.items.slice(from, to));
  }

  override copy(item: (value: GoValue) => GoValue): GoObject {
    return new GoSlice(this.goType, this.items.map(item));
  }

  override marshal(): GoValue {
    return this.items;
  }
}

/** A `[]byte`. Its items and its text are made when first asked for: of most files neither ever is. */
export class GoBytes extends GoSlice {
  readonly #bytes: Uint8Array | (() => Uint8Array) | undefined;
  #items: GoValue[] | undefined;
  #text: string | undefined;

  /** Nil without bytes; a function reads them when they are asked for. */
  constructor(bytes?: Uint8Array | (() => Uint8Array)) {
    super("[]uint8", []);
    this.#bytes = bytes;
  }

  get bytes(): Uint8Array {
    return typeof this.#bytes === "function" ? this.#bytes() : (this.#bytes ?? new Uint8Array());
  }

  override get items(): GoValue[] {
    if (this.#bytes === undefined) return nilList;
    this.#items ??= Array.from(this.bytes, (byte) => new GoInt("uint8", BigInt(byte)));
    return this.#items;
  }

  /** Go's `string(x)`. */
  get text(): string {
    this.#text ??= fromBytes(this.bytes);
    return this.#text;
  }

  override part(from: number, to: number): GoBytes {
    return new GoBytes(this.bytes.subarray(from, to));
  }

  override copy(): this {
    return this;
  }

  override marshal(): GoValue {
    return this.#bytes === undefined ? null : Buffer.from(this.bytes).toString("base64");
  }
}

/** A map with string keys whose value type is not `any`: `map[string]string`. */
export class GoTypedMap extends GoObject {
  readonly goType: string;
  readonly goKind = "map";
  readonly entries: GoMap;
  /** What a missing key reads as. */
  readonly zero: GoValue;

  constructor(goType: string, entries: GoMap, zero: GoValue) {
    super();
    this.goType = goType;
    this.entries = entries;
    this.zero = zero;
  }

  override copy(item: (value: GoValue) => GoValue): GoObject {
    return new GoTypedMap(this.goType, copyEntries(this.entries, item), this.zero);
  }

  override marshal(): GoValue {
    return this.entries;
  }
}

/** A struct, or a pointer to one, whose exported fields are plain values in the order in which `%v` prints them. */
export class GoStruct extends GoObject {
  readonly goType: string;
  readonly goKind: string;
  readonly fields: GoMap;

  constructor(goType: string, fields: GoMap) {
    super();
    this.goType = goType;
    this.goKind = goType.startsWith("*") ? "ptr" : "struct";
    this.fields = fields;
  }

  override field(name: string): GoValue | undefined {
    return this.fields.get(name);
  }

  /** The fields as JSON and YAML name them. */
  jsonFields(): GoMap {
    return this.fields;
  }

  /** As an action prints it whose pointer has a String method: a template has the address there, a function has not. */
  addressedText(): string | undefined {
    return undefined;
  }

  override copy(item: (value: GoValue) => GoValue): GoObject {
    return new GoStruct(this.goType, copyEntries(this.fields, item));
  }
}

/** A nil `map[string]string`. */
export class NilTexts extends GoTypedMap {
  constructor() {
    super("map[string]string", new Map(), "");
  }

  override marshal(): GoValue {
    return null;
  }
}

/** A struct whose fields have other names in JSON; a name that ends in `?` is left out where the field is empty. */
export class TaggedStruct extends GoStruct {
  readonly #tags: Readonly<Record<string, string>>;

  constructor(goType: string, fields: GoMap, tags: Readonly<Record<string, string>>) {
    super(goType, fields);
    this.#tags = tags;
  }

  override jsonFields(): GoMap {
    const named: GoMap = new Map();
    for (const [field, value] of this.fields) {
      const tag = this.#tags[field] ?? field;
      if (!tag.endsWith("?")) named.set(tag, value);
      else if (!isEmptyField(value)) named.set(tag.slice(0, -1), value);
    }
    return named;
  }

  override copy(item: (value: GoValue) => GoValue): GoObject {
    return new TaggedStruct(this.goType, copyEntries(this.fields, item), this.#tags);
  }
}

function isEmptyField(value: GoValue): boolean {
  if (value instanceof GoSlice) return value.items.length === 0;
  if (value instanceof GoTypedMap) return value.entries.size === 0;
  return value === "" || value === false || value === null || (Array.isArray(value) && value.length === 0);
}

function copyEntries(entries: GoMap, item: (value: GoValue) => GoValue): GoMap {
  const copies: GoMap = new Map();
  for (const [key, value] of entries) copies.set(key, item(value));
  return copies;
}

/** A value that `%v` prints by its own String method: times, durations, versions. */
export abstract class GoStringer extends GoObject {
  abstract goString(): string;
}
