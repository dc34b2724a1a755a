import { GoBytes, GoSlice, GoStringer, GoStruct, GoTypedMap, NilTexts, nilList, nilMap } from "../base/go-objects.ts";
import { sortedKeys } from "../base/go-string.ts";
import { GoInt, type GoMap, type GoObject, type GoValue } from "../base/go-value.ts";
import {
  type Flags,
  formatChar,
  formatFloatFlags,
  formatHexBytes,
  formatInteger,
  formatQuoted,
  formatQuotedChar,
  formatUnicode,
  pad,
  padString,
} from "./format-basic.ts";
import { goIntOf, goTypeOf } from "./go-type.ts";

const maxDepth = 1000;
// Go prints addresses, which differ from run to run; every object has this one.
const address = 0xc000012345n;

/** How one verb prints one value; `erroring` inside `%!verb(…)`, where String methods are not called. */
type Verb = { verb: string; flags: Flags; erroring: boolean };

/** Prints one argument of Printf. */
export function formatArgument(value: GoValue, verb: string, flags: Flags): string {
  return formatTop(value, { verb, flags, erroring: false });
}

function formatTop(value: GoValue, verb: Verb): string {
  if (value === null) return verb.verb === "T" || verb.verb === "v" ? pad(verb.flags, "<nil>") : badVerb(null, verb);
  if (verb.verb === "T") return padString(verb.flags, goTypeOf(value));
  if (verb.verb === "p") return formatPointer(value, verb);
  return formatValue(value, verb, 0);
}

function badVerb(value: GoValue, { verb, flags }: Verb): string {
  if (value === null) return `%!${verb}(<nil>)`;
  return `%!${verb}(${goTypeOf(value)}=${formatValue(value, { verb: "v", flags, erroring: true }, 0)})`;
}

function formatValue(value: GoValue, verb: Verb, depth: number): string {
  switch (typeof value) {
    case "string":
      return formatString(value, verb);
    case "boolean":
      return verb.verb === "t" || verb.verb === "v" ? pad(verb.flags, String(value)) : badVerb(value, verb);
    case "number":
      return formatNumber(value, verb);
    case "bigint":
      return formatInt(value, value, verb);
  }
  if (value === null) return verb.flags.sharpV ? "interface {}(nil)" : "<nil>";
  if (value instanceof GoInt) return formatInt(value, value.value, verb);
  if (depth > maxDepth) return "…";
  if (Array.isArray(value)) return formatSlice(value, value, verb, depth);
  return value instanceof Map ? formatMap(value, value, verb, depth) : formatObject(value, verb, depth);
}

function formatString(text: string, verb: Verb, of: GoValue = text): string {
  switch (verb.verb) {
    case "v":
      return verb.flags.sharpV ? formatQuoted(verb.flags, text) : padString(verb.flags, text);
    case "s":
      return padString(verb.flags, text);
    case "x":
    case "X":
      return formatHexBytes(verb.flags, text, verb.verb === "X");
    case "q":
      return formatQuoted(verb.flags, text);
    default:
      return badVerb(of, verb);
  }
}

function formatNumber(value: number, verb: Verb): string {
  switch (verb.verb) {
    case "v":
      return formatFloatFlags(verb.flags, value, "g", -1);
    case "b":
    case "g":
    case "G":
    case "x":
    case "X":
      return formatFloatFlags(verb.flags, value, verb.verb, -1);
    case "f":
    case "F":
      return formatFloatFlags(verb.flags, value, "f", 6);
    case "e":
    case "E":
      return formatFloatFlags(verb.flags, value, verb.verb, 6);
    default:
      return badVerb(value, verb);
  }
}

function formatInt(value: GoValue, int: bigint, verb: Verb): string {
  switch (verb.verb) {
    case "v":
      if (verb.flags.sharpV && goTypeOf(value).startsWith("uint")) {
        return formatInteger({ ...verb.flags, sharp: true }, int, { base: 16, verb: "v" });
      }
      return formatInteger(verb.flags, int, { base: 10, verb: "d" });
    case "d":
      return formatInteger(verb.flags, int, { base: 10, verb: "d" });
    case "b":
      return formatInteger(verb.flags, int, { base: 2, verb: "b" });
    case "o":
    case "O":
      return formatInteger(verb.flags, int, { base: 8, verb: verb.verb });
    case "x":
    case "X":
      return formatInteger(verb.flags, int, { base: 16, verb: "x", upper: verb.verb === "X" });
    case "c":
      return formatChar(verb.flags, int);
    case "q":
      return formatQuotedChar(verb.flags, int);
    case "U":
      return formatUnicode(verb.flags, int);
    default:
      return badVerb(value, verb);
  }
}

function formatSlice(of: GoValue, items: readonly GoValue[], verb: Verb, depth: number): string {
  if (!verb.flags.sharpV) return `[${items.map((item) => formatValue(item, verb, depth + 1)).join(" ")}]`;
  if (of === nilList) return "[]interface {}(nil)";
  return `${goTypeOf(of)}{${items.map((item) => formatValue(item, verb, depth + 1)).join(", ")}}`;
}

function formatMap(of: GoValue, entries: GoMap, verb: Verb, depth: number): string {
  if (verb.flags.sharpV && (of === nilMap || of instanceof NilTexts)) return `${goTypeOf(of)}(nil)`;
  const parts = sortedKeys(entries).map(
    (key) => `${formatString(key, verb)}:${formatValue(entries.get(key) ?? null, verb, depth + 1)}`,
  );
  return verb.flags.sharpV ? `${goTypeOf(of)}{${parts.join(", ")}}` : `map[${parts.join(" ")}]`;
}

function formatObject(value: GoObject, verb: Verb, depth: number): string {
  if (value instanceof GoStringer && !verb.erroring && !verb.flags.sharpV && "vsxXq".includes(verb.verb)) {
    return formatString(value.goString(), verb, value);
  }
  const int = goIntOf(value);
  if (int !== undefined) return formatInt(value, int, verb);
  if (value instanceof GoSlice) return formatTypedSlice(value, verb, depth);
  if (value instanceof GoTypedMap) return formatMap(value, value.entries, verb, depth);
  if (value instanceof GoStruct) return formatStruct(value, verb, depth);
  if (value instanceof GoStringer) return formatString(value.goString(), { ...verb, verb: "s" }, value);
  return formatPointer(value, verb);
}

function formatTypedSlice(value: GoSlice, verb: Verb, depth: number): string {
  if (value.goType !== "[]uint8" || !"sxXq".includes(verb.verb)) {
    const text = formatSlice(value, value.items, verb, depth);
    return value.goType === "[]uint8" && depth === 0 ? text.replace(/^\[\]uint8/, "[]byte") : text;
  }
  return formatString(value instanceof GoBytes ? value.text : "", verb, value);
}

function formatStruct(value: GoStruct, verb: Verb, depth: number): string {
  const isPointer = value.goKind === "ptr";
  if (isPointer && depth > 0) return formatPointer(value, verb);
  const { plusV, sharpV } = verb.flags;
  const parts = Array.from(value.fields, ([name, field]) => {
    const text = formatValue(field, verb, depth + 1);
    return plusV || sharpV ? `${name}:${text}` : text;
  });
  const head = sharpV ? value.goType.replace(/^\*/, "") : "";
  return `${isPointer ? "&" : ""}${head}{${parts.join(sharpV ? ", " : " ")}}`;
}

function formatPointer(value: GoValue, verb: Verb): string {
  const hasAddress =
    typeof value === "object" &&
    value !== null &&
    !(value instanceof GoInt) &&
    !(value instanceof GoStringer) &&
    goIntOf(value) === undefined;
  if (!hasAddress || (value instanceof GoStruct && value.goKind === "struct")) return badVerb(value, verb);
  const text = formatInteger({ ...verb.flags, sharp: !verb.flags.sharp }, address, { base: 16, verb: "v" });
  if (verb.verb === "p") return text;
  if (verb.verb === "v") return verb.flags.sharpV ? `(${goTypeOf(value)})(${text})` : text;
  if ("bodxX".includes(verb.verb)) return formatInt(value, address, verb);
  return `%!${verb.verb}(${goTypeOf(value)}=${text})`;
}
