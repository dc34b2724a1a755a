/**
 * Go values as templates and values files know them. The type decides what a template prints, so it is kept:
 *
 * | Go                     | here                                            |
 * |------------------------|-------------------------------------------------|
 * | nil                    | `null` (`undefined` never occurs)                |
 * | bool                   | `boolean`                                       |
 * | string, []byte content | `string`; a byte that is not UTF-8 is the lone surrogate U+DC00 + byte |
 * | float64                | `number`                                        |
 * | int64                  | `bigint`                                        |
 * | other integer kinds    | `GoInt`                                         |
 * | map[string]any         | `Map<string, GoValue>`                          |
 * | []any                  | `GoValue[]`                                     |
 * | everything else        | `GoObject`: structs, times, typed slices, funcs |
 */
export type GoValue = null | boolean | string | number | bigint | GoInt | GoMap | GoValue[] | GoObject;
export type GoMap = Map<string, GoValue>;

export type GoIntKind = "int" | "int8" | "int16" | "int32" | "uint" | "uint8" | "uint16" | "uint32" | "uint64";

/** An integer of a kind other than int64: a literal in a template is an `int`, so is what `len` gives. */
export class GoInt {
  readonly kind: GoIntKind;
  readonly value: bigint;
  constructor(kind: GoIntKind, value: bigint) {
    this.kind = kind;
    this.value = value;
  }
}

/** Any other Go type. Its subclasses say how it behaves in a template. */
export abstract class GoObject {
  /** As `%T` prints it: `time.Time`, `[]string`, `*semver.Version`. */
  abstract readonly goType: string;
  /** As reflect.Kind names it: `struct`, `ptr`, `slice`, `map`, `func`. */
  abstract readonly goKind: string;
  /** A field or a method without arguments, or `undefined` where the type has none of that name. */
  field(_name: string): GoValue | undefined {
    return undefined;
  }
  /** A method, called with evaluated arguments, or `undefined` where the type has none of that name. */
  method(_name: string): ((...args: GoValue[]) => GoValue) | undefined {
    return undefined;
  }
  /** What encoding/json writes for it, as a value of the table above; `undefined` where Go cannot encode the type. */
  marshal(): GoValue | undefined {
    return undefined;
  }
  /** A deep copy, its items copied by `item`; itself where templates have no way to change it. */
  copy(_item: (value: GoValue) => GoValue): GoObject {
    return this;
  }
}
