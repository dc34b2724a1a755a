import { YamlProblem } from "./problem.ts";
import { isTimestamp } from "./timestamp.ts";

/** A scalar's meaning, before it is narrowed to JSON: integers stay apart from floats. */
export type Resolved = { tag: ResolvedTag; value: null | boolean | string | number | bigint };
export type ResolvedTag = "null" | "bool" | "str" | "int" | "float" | "timestamp";

const PREFIX = "tag:yaml.org,2002:";
const RESOLVABLE = new Set(["str", "bool", "int", "float", "null", "timestamp"].map((name) => PREFIX + name));
export const BINARY_TAG = `${PREFIX}binary`;
export const MERGE_TAG = `${PREFIX}merge`;

const WORDS: ReadonlyMap<string, Resolved> = new Map(
  (
    [
      ["bool", true, "y Y yes Yes YES true True TRUE on On ON"],
      ["bool", false, "n N no No NO false False FALSE off Off OFF"],
      ["null", null, "~ null Null NULL"],
      ["float", Number.NaN, ".nan .NaN .NAN"],
      ["float", Number.POSITIVE_INFINITY, ".inf .Inf .INF +.inf +.Inf +.INF"],
      ["float", Number.NEGATIVE_INFINITY, "-.inf -.Inf -.INF"],
    ] as const
  ).flatMap(([tag, value, words]) => words.split(" ").map((word) => [word, { tag, value }] as const)),
);
const NULL: Resolved = { tag: "null", value: null };
const LONGEST_WORD = 5;

const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
/** After a leading dot, Go's own parser decides, which also takes no underscores. */
const DOT_FLOAT = /^\.[0-9]+([eE][-+]?[0-9]+)?$/;
const MIN_INT64 = -(2n ** 63n);
const MAX_UINT64 = 2n ** 64n - 1n;

// Which first characters can begin something other than a string: 1 a word, 2 a digit or sign, 3 a dot.
const HINTS = buildHints();

function buildHints(): Uint8Array {
  const hints = new Uint8Array(128);
  for (const char of "yYnNtTfFoO~") hints[char.charCodeAt(0)] = 1;
  for (const char of "+-0123456789") hints[char.charCodeAt(0)] = 2;
  hints[46] = 3;
  return hints;
}

/** True for nearly all text, at the cost of one table look-up. */
export function isPlainText(text: string): boolean {
  if (text === "") return false;
  const code = text.charCodeAt(0);
  const hint = code < 128 ? (HINTS[code] as number) : 0;
  return hint === 0 || (hint === 1 && text.length > LONGEST_WORD);
}

/** YAML 1.1 as go-yaml v2 resolves it: `yes` and `y` are booleans, 0777 is octal, 1:30 and dates are strings. */
export function resolvePlain(text: string): Resolved {
  if (text === "") return NULL;
  const code = text.charCodeAt(0);
  const hint = code < 128 ? (HINTS[code] as number) : 0;
  if (hint !== 0) {
    const word = text.length <= LONGEST_WORD ? WORDS.get(text) : undefined;
    if (word !== undefined) return word;
    if (hint === 2) return resolveNumber(text) ?? { tag: "str", value: text };
    if (hint === 3 && DOT_FLOAT.test(text)) return resolveFloat(text) ?? { tag: "str", value: text };
  }
  return { tag: "str", value: text };
}

function resolveNumber(text: string): Resolved | undefined {
  const plain = text.includes("_") ? text.replaceAll("_", "") : text;
  const integer = parseGoInt(plain);
  if (integer !== undefined) return { tag: "int", value: integer };
  return FLOAT.test(plain) ? resolveFloat(plain) : undefined;
}

/** Beyond the range of a float64 it is no number, so that the text stays. */
function resolveFloat(text: string): Resolved | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? { tag: "float", value } : undefined;
}

const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/;
const SAFE_DIGITS = 15;

/** As strconv.ParseInt and then ParseUint read with base 0; undefined when neither can. */
export function parseGoInt(text: string): bigint | number | undefined {
  if (!INTEGER.test(text)) return undefined;
  const signed = text.charCodeAt(0) === 45 || text.charCodeAt(0) === 43;
  const digits = signed ? text.slice(1) : text;
  const octal = digits.length > 1 && digits.charCodeAt(0) === 48 && digits.charCodeAt(1) <= 57;
  const literal = octal ? `0o${digits.slice(1)}` : digits;
  const negative = text.charCodeAt(0) === 45;
  if (literal.length <= SAFE_DIGITS) return negative ? 0 - Number(literal) : Number(literal);
  const size = BigInt(literal);
  const value = negative ? -size : size;
  if (value < MIN_INT64 || value > MAX_UINT64 || (signed && value >= -MIN_INT64)) return undefined;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** A scalar with an explicit tag. Tags that YAML 1.1 doesn't define leave the text as it is. */
export function resolveTagged(tag: string, text: string): Resolved {
  if (!RESOLVABLE.has(tag)) return { tag: "str", value: text };
  const wanted = tag.slice(PREFIX.length);
  if (wanted === "str") return { tag: "str", value: text };
  let resolved = resolvePlain(text);
  if (wanted === "timestamp" && isTimestamp(text)) resolved = { tag: "timestamp", value: text };
  if (resolved.tag === wanted) return resolved;
  if (wanted === "float" && resolved.tag === "int" && fitsInt64(resolved.value)) {
    return { tag: "float", value: Number(resolved.value) };
  }
  throw new YamlProblem(`cannot decode !!${resolved.tag} \`${text}\` as a !!${wanted}`, undefined, 0);
}

function fitsInt64(value: Resolved["value"]): boolean {
  return typeof value !== "bigint" || value < -MIN_INT64;
}
