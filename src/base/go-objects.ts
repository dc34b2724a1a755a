import { type GoMap, GoObject, type GoValue } from "./go-value.ts";

/**
 * A nil `[]any`. It behaves as an empty list, but JSON and YAML write it as null: `concat` of empty lists gives it.
 * Compare with `===`.
 */
export const nilList: GoValue[] = [];
Object.freeze(nilList);

/** A slice whose element type is not `any`: `[]string`, `[]int`, `[][]interface {}`. Its items are as the element type prints. */
export class GoSlice extends GoObject {
  readonly goType: string;
  readonly goKind = "slice";
  readonly items: GoValue[];

  constructor(goType: string, items: GoValue[]) {
    super();
    this.goType = goType;
    this.items = items;
  }

  override copy(item: (value: GoValue) => GoValue): GoObject {
    return new GoSlice(this.goType, this.items.map(item));
  }

  override marshal(): GoValue {
    return this.items;
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

  /** As an action prints it whose pointer has a String method: a template has the address there, a function has not. */
  addressedText(): string | undefined {
    return undefined;
  }

  override copy(item: (value: GoValue) => GoValue): GoObject {
    return new GoStruct(this.goType, copyEntries(this.fields, item));
  }
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
