import { SlipwayError } from "../error.ts";
import { formatGoFloat } from "../go-float.ts";
import { GoSlice, GoStruct } from "../go-objects.ts";
import { compareStrings } from "../go-string.ts";
import { GoInt, GoObject, type GoValue } from "../go-value.ts";
import { TomlTime } from "./toml-time.ts";

/** A value that is a table, a list, or a scalar that has its final text. */
type Node = { table: [string, Node | undefined][] } | { list: (Node | undefined)[] } | string;

const MAX_DEPTH = 1000;
const BARE_KEY = /^[A-Za-z0-9_-]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: TOML escapes control characters.
const ESCAPED = /["\\\0-\x1f\x7f]/g;
const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
};

/** As BurntSushi/toml encodes, which is Helm's toToml. Fails with TOML_INVALID and its message. */
export function writeToml(value: GoValue): string {
  const node = nodeOf(value, 0);
  if (node === undefined) throw tomlError("toml: cannot encode nil");
  if (typeof node === "string") return node;
  if ("list" in node && isTableList(node)) throw tomlError("toml: top-level values must be Go maps or structs");
  if ("list" in node) return inline(node);
  const w = { out: "" };
  writeTable(w, [], node.table);
  return w.out;
}

function tomlError(message: string): SlipwayError {
  return new SlipwayError("TOML_INVALID", message);
}

/** Nil is `undefined`: it is left out of tables and forbidden in lists. */
function nodeOf(value: GoValue, depth: number): Node | undefined {
  if (depth > MAX_DEPTH) throw tomlError(`toml: cannot encode more than ${MAX_DEPTH} levels`);
  if (value === null) return undefined;
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      return floatText(value);
    case "boolean":
    case "bigint":
      return String(value);
    default:
      return objectNode(value, depth);
  }
}

function objectNode(
  value: Exclude<GoValue, null | string | number | boolean | bigint>,
  depth: number,
): Node | undefined {
  if (value instanceof Map) return tableOf(value, depth);
  if (Array.isArray(value)) {
    const list = value.map((item) => nodeOf(item, depth + 1));
    if (list.includes(undefined)) throw tomlError("toml: cannot encode array with nil element");
    return { list };
  }
  if (value instanceof GoInt) return String(value.value);
  if (value instanceof TomlTime) return value.toml();
  if (value instanceof GoStruct) {
    return { table: [...value.fields].map(([name, field]) => [name, nodeOf(field, depth + 1)]) };
  }
  if (value instanceof GoSlice) return nodeOf(value.items, depth);
  const marshalled = value instanceof GoObject ? value.marshal() : undefined;
  if (marshalled === undefined) throw tomlError(`unsupported type: ${value.goKind}`);
  return value.goType === "time.Time" ? String(marshalled) : nodeOf(marshalled, depth + 1);
}

function tableOf(map: ReadonlyMap<string, GoValue>, depth: number): Node {
  const entries = [...map].sort(([a], [b]) => compareStrings(a, b));
  return { table: entries.map(([key, item]) => [key, nodeOf(item, depth + 1)]) };
}

function quote(text: string): string {
  return `"${text.replace(ESCAPED, (char) => SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`;
}

function quoteKey(key: string): string {
  return BARE_KEY.test(key) ? key : quote(key);
}

function floatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const text = formatGoFloat(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function isTableList(node: Node): node is { list: { table: [string, Node | undefined][] }[] } {
  if (typeof node === "string" || !("list" in node) || node.list.length === 0) return false;
  return node.list.every((item) => typeof item === "object" && "table" in item);
}

function isTable(node: Node | undefined): boolean {
  return typeof node === "object" && ("table" in node || isTableList(node));
}

/** Plain values come before tables, each in the order of the keys. */
function arrange(table: [string, Node | undefined][]): { direct: typeof table; nested: typeof table } {
  return { direct: table.filter(([, node]) => !isTable(node)), nested: table.filter(([, node]) => isTable(node)) };
}

function writeTable(w: { out: string }, path: string[], table: [string, Node | undefined][]): void {
  const { direct, nested } = arrange(table);
  const pad = "  ".repeat(path.length);
  for (const [key, node] of direct) {
    if (node !== undefined) w.out += `${pad}${quoteKey(key)} = ${inline(node)}\n`;
  }
  for (const [key, node] of nested) {
    const inner = [...path, key];
    const header = inner.map(quoteKey).join(".");
    if (typeof node !== "object") continue;
    const tables = "table" in node ? [node] : isTableList(node) ? node.list : [];
    for (const { table: content } of tables) {
      // A blank line stands before a table of the top level, and before each of a list, but never at the start.
      if (w.out !== "" && (inner.length === 1 || !("table" in node))) w.out += "\n";
      w.out += "table" in node ? `${pad}[${header}]\n` : `${pad}[[${header}]]\n`;
      writeTable(w, inner, content);
    }
  }
}

function inline(node: Node): string {
  if (typeof node === "string") return node;
  if ("list" in node) return `[${node.list.map((item) => (item === undefined ? "" : inline(item))).join(", ")}]`;
  const { direct, nested } = arrange(node.table);
  return `{${inlinePart(direct, nested.length > 0)}${inlinePart(nested, false)}}`;
}

/** A nil at the end leaves the comma before it behind, as in the original. */
function inlinePart(entries: [string, Node | undefined][], more: boolean): string {
  let text = "";
  for (const [index, [key, node]] of entries.entries()) {
    if (node === undefined) continue;
    text += `${quoteKey(key)} = ${inline(node)}${more || index < entries.length - 1 ? ", " : ""}`;
  }
  return text;
}
