import { quoteGo, quoteGoRune } from "../go-quote.ts";
import type { GoMap, GoValue } from "../go-value.ts";
import { readBare } from "./scalar.ts";
import {
  isNewline,
  lineAt,
  mistake,
  next,
  peek,
  type Source,
  skipBlanks,
  skipComment,
  skipLines,
  TomlMistake,
  toTomlError,
} from "./source.ts";
import { readQuotedKey, readString } from "./string.ts";
import { addContext, keyText, newTables, setType, setValue, type Tables } from "./tables.ts";

type Parser = Source & { tables: Tables; depth: number };

const MAX_DEPTH = 500;
/** How many parts a dotted key may have. */
const MAX_PARTS = 64;

/** As BurntSushi/toml decodes, which is Helm's fromToml: integers are int64. Fails with TOML_INVALID and its message. */
export function readToml(source: string): GoMap {
  const tables = newTables();
  const lastKey = () => {
    if (tables.key === "") return keyText(tables.context);
    return tables.context.length === 0 ? tables.key : `${keyText(tables.context)}.${tables.key}`;
  };
  const p: Parser = {
    text: source.replace(/^\ufeff/, ""),
    pos: 0,
    ended: false,
    lastKey,
    counted: { pos: 0, line: 1 },
    tables,
    depth: 0,
  };
  try {
    if (p.text.slice(0, 6).includes("\0")) {
      throw new TomlMistake("files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8", 1);
    }
    while (readTop(p)) {}
    return tables.root;
  } catch (error) {
    if (!(error instanceof TomlMistake)) throw error;
    throw toTomlError(p, error, quoteGo(lastKey()));
  }
}

function readTop(p: Parser): boolean {
  skipLines(p);
  const char = peek(p);
  if (char === "") return false;
  if (char === "[") readHeader(p);
  else readPair(p);
  skipBlanks(p);
  const end = next(p);
  if (end === "#") skipComment(p);
  else if (end !== "" && !isNewline(end)) {
    const message = `expected a top-level item to end with a newline, comment, or EOF, but got ${quoteGoRune(end)} instead`;
    throw mistake(p, message);
  }
  return true;
}

function readHeader(p: Parser): void {
  next(p);
  const isList = peek(p) === "[";
  if (isList) next(p);
  const path: string[] = [];
  for (;;) {
    skipBlanks(p);
    const char = peek(p);
    if (char === "]" || char === "") throw mistake(p, "unexpected end of table name (table names cannot be empty)");
    if (char === ".") throw mistake(p, "unexpected table separator (table names cannot be empty)");
    addKeyPart(p, path, char);
    skipBlanks(p);
    const end = next(p);
    if (end === "]") break;
    if (end !== ".") throw mistake(p, `expected '.' or ']' to end table name, but got ${quoteGoRune(end)} instead`);
  }
  if (isList) {
    const end = next(p);
    if (end !== "]") {
      throw mistake(p, `expected end of table array name delimiter ']', but got ${quoteGoRune(end)} instead`);
    }
  }
  addContext(p.tables, path, isList);
  setType(p.tables, "", "table");
}

function addKeyPart(p: Parser, path: string[], char: string): void {
  path.push(readKeyPart(p, char));
  if (path.length === 1) p.tables.line = lineAt(p);
  if (p.tables.context.length + path.length > MAX_PARTS) throw mistake(p, `a key has more than ${MAX_PARTS} parts`);
}

function readKeyPart(p: Parser, char: string): string {
  if (char === '"' || char === "'") return readQuotedKey(p);
  const start = p.pos;
  while (/^[A-Za-z0-9_-]$/.test(peek(p))) p.pos++;
  return p.text.slice(start, p.pos);
}

function readPath(p: Parser): string[] {
  skipBlanks(p);
  const first = peek(p);
  if (first === "=" || first === "") throw mistake(p, "unexpected '=': key name appears blank");
  if (first === ".") throw mistake(p, "unexpected '.': keys cannot start with a '.'");
  const path: string[] = [];
  for (;;) {
    skipBlanks(p);
    const char = peek(p);
    if (char === "=" || char === "") throw mistake(p, "unexpected '='");
    if (char === ".") throw mistake(p, "unexpected '.'");
    addKeyPart(p, path, char);
    skipBlanks(p);
    const end = next(p);
    if (end === "=") return path;
    if (end === "") throw mistake(p, "unexpected EOF; expected key separator '='");
    if (end !== ".") {
      const line = lineAt(p) - (end === "\n" ? 1 : 0);
      throw new TomlMistake(`expected '.' or '=', but got ${quoteGoRune(end)} instead`, line);
    }
  }
}

/** `a.b.c = value` in the current table; gives the path and the value for an inline table. */
function readPair(p: Parser): { path: string[]; value: GoValue } {
  const { tables } = p;
  const outer = tables.context;
  const path = readPath(p);
  tables.key = path.at(-1) ?? "";
  for (const part of path.slice(0, -1)) {
    tables.implicit.add(keyText([...tables.context, part]));
    addContext(tables, [...tables.context, part], false);
  }
  const value = readValue(p, false);
  setValue(tables, tables.key, value);
  setType(tables, tables.key, Array.isArray(value) ? "array" : "other");
  tables.context = outer;
  tables.key = "";
  return { path, value };
}

function readValue(p: Parser, inList: boolean): GoValue {
  skipBlanks(p);
  const char = peek(p);
  if (char === '"' || char === "'") return readString(p);
  if (char !== "[" && char !== "{") return readBare(p);
  p.depth++;
  if (p.depth > MAX_DEPTH) throw mistake(p, `more than ${MAX_DEPTH} levels`);
  next(p);
  const value = char === "[" ? readList(p) : readInlineTable(p, inList);
  p.depth--;
  return value;
}

function readList(p: Parser): GoValue[] {
  setType(p.tables, p.tables.key, "array");
  const list: GoValue[] = [];
  for (;;) {
    skipLines(p);
    const char = peek(p);
    if (char === ",") {
      next(p);
      throw mistake(p, "unexpected comma");
    }
    if (char === "]") break;
    list.push(readValue(p, true));
    skipLines(p);
    const end = next(p);
    if (end === "]") return list;
    if (end !== ",") {
      throw mistake(p, `expected a comma (',') or array terminator (']'), but got ${shown(end)}`);
    }
  }
  next(p);
  return list;
}

function shown(char: string): string {
  return char === "" ? "end of file" : `'${char}'`;
}

function readInlineTable(p: Parser, inList: boolean): GoMap {
  const { tables } = p;
  const outer = { context: tables.context, key: tables.key };
  const top: GoMap = new Map();
  const path = [...tables.context, tables.key];
  tables.context = path;
  tables.key = "";
  tables.implicit.add(keyText(path));
  addContext(tables, path, inList);
  for (;;) {
    skipLines(p);
    const char = peek(p);
    if (char === ",") {
      next(p);
      throw mistake(p, "unexpected comma");
    }
    if (char === "}") {
      next(p);
      break;
    }
    const pair = readPair(p);
    tables.context = path;
    tables.key = pair.path.at(-1) ?? "";
    putInline(p, top, pair.path, pair.value);
    skipLines(p);
    const end = next(p);
    if (end === "}") break;
    if (end !== ",")
      throw mistake(p, `expected a comma or an inline table terminator '}', but got ${shown(end)} instead`);
  }
  tables.context = outer.context;
  tables.key = outer.key;
  return top;
}

function putInline(p: Parser, top: GoMap, path: string[], value: GoValue): void {
  let table = top;
  for (const part of path.slice(0, -1)) {
    const inner = table.get(part) ?? new Map<string, GoValue>();
    if (!(inner instanceof Map))
      throw new TomlMistake(`${quoteGo(keyText(p.tables.context))} is not a table`, p.tables.line);
    table.set(part, inner);
    table = inner;
  }
  table.set(path.at(-1) ?? "", value);
}
