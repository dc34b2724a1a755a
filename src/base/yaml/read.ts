import { toBytes } from "../go-string.ts";
import type { GoMap, GoValue } from "../go-value.ts";
import { type ComposeOptions, newComposer } from "./compose.ts";
import { findJsonProblem } from "./json-problem.ts";
import { parseDocument } from "./parser.ts";
import { toSlipwayError, YamlProblem } from "./problem.ts";
import { readSimple } from "./read-simple.ts";
import { findUnreadable, type Unreadable } from "./readable.ts";
import { newScanner } from "./scanner.ts";

export type ReadOptions = {
  /** `float64` as Helm reads all numbers; `typed` keeps integers as int64 (bigint), as go-yaml itself decodes them. */
  numbers?: "float64" | "typed";
  /** A key that comes twice in one map is an error. */
  strict?: boolean;
  /** The file's name, for messages. */
  source?: string;
};

/** The first document, as sigs.k8s.io/yaml unmarshals it into `any`. Fails with YAML_INVALID and go-yaml's message. */
export function readYaml(text: string, options: ReadOptions = {}): GoValue {
  return readWith(text, options, {
    plain: false,
    integers: options.numbers === "typed",
    strict: options.strict === true,
  }) as GoValue;
}

/** The same as plain JSON, for manifests and kubeconfigs. `__proto__` is a key like any other. */
export function readYamlPlain(text: string, options: Omit<ReadOptions, "numbers"> = {}): unknown {
  return readWith(text, options, { plain: true, integers: false, strict: options.strict === true });
}

/** The first document as a map, as `fromYaml` reads: empty where it is null, an error where it is anything else. */
export function readYamlMap(text: string, options: ReadOptions = {}): GoMap {
  const value = readYaml(text, options) ?? new Map();
  if (value instanceof Map) return value;
  throw wrongType(text, value, "map[string]interface {}", options);
}

/** The first document as a list, as `fromYamlArray` reads. */
export function readYamlList(text: string, options: ReadOptions = {}): GoValue[] {
  const value = readYaml(text, options) ?? [];
  if (Array.isArray(value)) return value;
  throw wrongType(text, value, "[]interface {}", options);
}

function wrongType(text: string, value: GoValue, wanted: string, options: ReadOptions): Error {
  const message = `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${jsonKind(value)} into Go value of type ${wanted}`;
  return toSlipwayError(new YamlProblem(message, undefined, 0), text, options.source);
}

export function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  return typeof value === "object" ? "object" : "number";
}

export function readWith(text: string, options: { source?: string }, compose: ComposeOptions): unknown {
  try {
    return readDocument(text, compose);
  } catch (problem) {
    if (!(problem instanceof YamlProblem)) throw problem;
    throw toSlipwayError(problem, text, options.source);
  }
}

const JSON_PHASE = "error converting YAML to JSON: ";

function readDocument(source: string, options: ComposeOptions): unknown {
  const { plain, strict, places, integers } = options;
  if (plain || strict || places !== undefined) return readFully(source, options);
  return readSimple(source, { integers, readPart: (part) => readFully(part, options) }) ?? readFully(source, options);
}

function readFully(source: string, options: ComposeOptions): unknown {
  const { text, unreadable } = prepare(source);
  const scanner = newScanner(text);
  const composer = newComposer(options);
  let value: unknown;
  let problem: YamlProblem | undefined;
  try {
    value = parseDocument(scanner, composer);
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error;
    problem = error;
  }
  // Go-yaml reads ahead in blocks, so that what it cannot read counts from the start of the block on.
  if (unreadable !== undefined && scanner.pos >= unreadable.noticedAt) throw go(unreadable.problem);
  if (problem !== undefined) throw go(problem);
  if (composer.decodeProblem !== undefined) throw go(composer.decodeProblem);
  if (composer.duplicates.length > 0) {
    throw go(new YamlProblem(`unmarshal errors:\n  ${composer.duplicates.join("\n  ")}`, undefined, 0));
  }
  const unfit = findJsonProblem(composer, value);
  if (unfit !== undefined) throw new YamlProblem(JSON_PHASE + unfit.text, unfit.line, unfit.column);
  return value;
}

function go(problem: YamlProblem): YamlProblem {
  return new YamlProblem(`${JSON_PHASE}yaml: ${problem.text}`, problem.line, problem.column);
}

function prepare(source: string): { text: string; unreadable: Unreadable | undefined } {
  const first = source.charCodeAt(0);
  if (first === 0xfeff) return { text: source.slice(1), unreadable: findUnreadable(source.slice(1), 3) };
  if (first === 0xdcff || first === 0xdcfe) {
    const decoded = decodeUtf16(source);
    if (decoded !== undefined) return { text: decoded, unreadable: findUnreadable(decoded, 2) };
  }
  return { text: source, unreadable: findUnreadable(source, 0) };
}

/** A file in UTF-16 with its byte order mark arrives as bytes that are not UTF-8. */
function decodeUtf16(source: string): string | undefined {
  const bytes = toBytes(source);
  const mark = bytes.subarray(0, 2).toString("hex");
  if (mark !== "fffe" && mark !== "feff") return undefined;
  const body = Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)));
  if (mark === "feff") body.swap16();
  return body.toString("utf16le");
}
