import { SlipwayError } from "../base/error.ts";
import { nearestName } from "../base/nearest-name.ts";
import { isForeign, keepsShape, standIn } from "./foreign-text.ts";

/** What a values file may ask for, such as `github.sha`: JSON, as a workflow has it. */
export type WorkflowContext = Readonly<Record<string, unknown>>;

export type InterpolateOptions = {
  file: string;
  context: WorkflowContext;
  /** Called with each text that comes out of `secrets`. */
  onSecret: (secret: string) => void;
};

type Token = ["#" | "^", string, number, number, Token[], ...unknown[]] | [string, string, number, ...unknown[]];
type Frame = { value: unknown; isSecret: boolean; isForeign: boolean };
type Foreign = { name: string; at: number };
type Reader = InterpolateOptions & {
  text: string;
  budget: { bytes: number };
  /** The texts that anybody may have written, as they come. */
  foreign: Foreign[];
  isTrial: boolean;
};

const maxBytes = 64 * 1024 * 1024;

/** Fills in mustache tags `${{ name }}`, with sections; nothing is escaped. A name that isn't there is an error. */
export async function interpolate(text: string, options: InterpolateOptions): Promise<string> {
  const { default: mustache } = await import("mustache");
  const reader: Reader = { ...options, text, budget: { bytes: maxBytes }, foreign: [], isTrial: false };
  let tokens: Token[];
  try {
    tokens = mustache.parse(text, ["${{", "}}"]) as Token[];
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw problem(reader, Number(/ at (\d+)/.exec(message)?.[1] ?? 0), message.replace(/ at \d+$/, ""), { cause });
  }
  const frames = [{ value: options.context, isSecret: false, isForeign: false }];
  const filled = render(reader, tokens, frames);
  const [first] = reader.foreign;
  if (first === undefined) return filled;
  const trial = render({ ...reader, budget: { bytes: maxBytes }, foreign: [], isTrial: true }, tokens, frames);
  if (keepsShape(filled, trial, options.file)) return filled;
  throw problem(
    reader,
    first.at,
    `a text that anybody may have written, of "${first.name}", would say more than its own value`,
    {
      hint: "Use pr.title, pr.branch and the like, of which what means something in YAML is left out.",
    },
  );
}

function render(reader: Reader, tokens: readonly Token[], frames: readonly Frame[]): string {
  let out = "";
  for (const token of tokens) {
    out += renderToken(reader, token, frames);
    reader.budget.bytes -= out.length;
    if (reader.budget.bytes < 0) throw problem(reader, token[2], "it becomes too large");
  }
  return out;
}

function renderToken(reader: Reader, token: Token, frames: readonly Frame[]): string {
  const [kind, name, at, , inside] = token;
  if (kind === "text") return name;
  if (kind === "!" || kind === "=") return "";
  if (kind === ">") throw problem(reader, at, "a values file can't include another one");
  const found = find(reader, name, at, frames);
  if (kind !== "#" && kind !== "^") return told(reader, found, { name, at });
  const { value } = found;
  const isEmpty = value === false || value === null || value === "" || value === 0 || isEmptyList(value);
  const members = inside as Token[];
  if (kind === "^") return isEmpty ? render(reader, members, frames) : "";
  if (isEmpty) return "";
  const items = Array.isArray(value) ? value : [value];
  return items.map((item) => render(reader, members, [...frames, { ...found, value: item }])).join("");
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** The innermost section that has the first part of the name decides. */
function find(reader: Reader, name: string, at: number, frames: readonly Frame[]): Frame {
  const innermost = frames.at(-1) ?? { value: undefined, isSecret: false, isForeign: false };
  if (name === ".") return innermost;
  const [first = "", ...rest] = name.split(".");
  const frame = frames.findLast(({ value }) => member(value, first) !== undefined);
  let value = member(frame?.value, first);
  for (const step of rest) value = member(value, step);
  if (value !== undefined) {
    const isRoot = frame === frames[0];
    return {
      value,
      isSecret: frame?.isSecret === true || (isRoot && first === "secrets"),
      isForeign: frame?.isForeign === true || (isRoot && isForeign([first, ...rest])),
    };
  }
  throw unknown(reader, name, at, frames);
}

function unknown(reader: Reader, name: string, at: number, frames: readonly Frame[]): SlipwayError {
  const [first = "", ...rest] = name.split(".");
  const parent = rest.slice(0, -1).reduce(member, member(frames[0]?.value, first));
  const known = rest.length === 0 ? Object.keys(reader.context) : isObject(parent) ? Object.keys(parent) : [];
  const nearest = nearestName(rest.at(-1) ?? first, known);
  const hints: Record<string, string> = {
    secrets: `Give the action the input secrets: \${{ toJSON(secrets) }}.`,
    vars: `Give the action the input vars: \${{ toJSON(vars) }}.`,
    inputs: `Give the action the input inputs: \${{ toJSON(inputs) }}.`,
    pr: "Only a run for a pull request has names that begin with pr.",
  };
  const hint = nearest
    ? `Did you mean "${[...name.split(".").slice(0, -1), nearest].join(".")}"?`
    : ((known.length === 0 ? hints[first] : undefined) ??
      `Names begin with ${Object.keys(reader.context).join(", ")}.`);
  return problem(reader, at, `there is no "${name}"`, { hint });
}

// Only what is an own member: the names are anybody's to write.
function member(value: unknown, name: string): unknown {
  if (!isObject(value) && !Array.isArray(value)) return undefined;
  const found = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  return typeof found === "function" ? undefined : found;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function told(reader: Reader, { value, isSecret, isForeign: anybodys }: Frame, place: Foreign): string {
  const text = value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  if (isSecret) reader.onSecret(text);
  if (!anybodys || typeof value !== "string") return text;
  reader.foreign.push(place);
  return reader.isTrial ? standIn(reader.foreign.length) : text;
}

function problem(
  { file, text }: Reader,
  at: number,
  why: string,
  details: { hint?: string; cause?: unknown } = {},
): SlipwayError {
  const before = text.slice(0, at).split("\n");
  const where = `${file}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  return new SlipwayError("VALUES_INVALID", `Cannot fill in "${file}": ${why}`, { where, ...details });
}
