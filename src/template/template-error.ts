import { SlipwayError } from "../base/error.ts";
import { byteLength } from "../base/go-string.ts";
import { nodeText } from "./node-text.ts";
import type { BodyNode, ExpressionNode, ListNode, Source } from "./nodes.ts";
import { quote } from "./quote.ts";

const maxChain = 20;

export type TemplateErrorDetails = {
  /** The whole text of Go's error, as Helm shows it. */
  goText: string;
  /** What Go says behind the place: `nil pointer evaluating interface {}.x`. */
  reason: string;
  /** The expression that failed, as it is written. */
  expression?: string;
  source?: Source;
  /** In UTF-16 units. */
  pos?: number;
  hint?: string | undefined;
  cause?: unknown;
};

/** A template that cannot be parsed or rendered. An error inside an `include` is the `cause` of the one around it. */
export class TemplateError extends SlipwayError {
  readonly goText: string;
  readonly reason: string;
  /** Of the innermost template: the expression that failed, as it is written. */
  readonly expression: string | undefined;
  /** The line that it stands in. */
  readonly line: string | undefined;
  /** How many templates this error has come out of. */
  readonly depth: number;

  constructor(code: "TEMPLATE_PARSE" | "TEMPLATE_EXEC", details: TemplateErrorDetails) {
    const inner = innermost(details.cause);
    super(code, inner?.message ?? details.reason, {
      ...withText("hint", inner?.hint ?? details.hint),
      ...withText("where", inner?.where ?? whereOf(details)),
      ...withText("detail", detailOf(details)),
      cause: details.cause,
    });
    this.name = "TemplateError";
    this.goText = details.goText;
    this.reason = details.reason;
    this.expression = inner === undefined ? details.expression : inner.expression;
    this.line = inner === undefined ? lineIn(details) : inner.line;
    this.depth = (inner?.depth ?? 0) + 1;
  }
}

function withText<Key extends string>(key: Key, text: string | undefined): { [K in Key]?: string } {
  return (text === undefined ? {} : { [key]: text }) as { [K in Key]?: string };
}

// A function may wrap the error of the template that it rendered.
function innermost(cause: unknown): TemplateError | undefined {
  if (cause instanceof TemplateError) return cause;
  return cause instanceof Error ? innermost(cause.cause) : undefined;
}

function whereOf({ source, pos }: TemplateErrorDetails): string | undefined {
  if (source === undefined) return undefined;
  const before = source.text.slice(source.text.lastIndexOf("\n", (pos ?? 0) - 1) + 1, pos ?? 0);
  return `${source.name}:${lineNumber(source, pos ?? 0)}:${Array.from(before).length + 1}`;
}

function detailOf(details: TemplateErrorDetails): string | undefined {
  const inner = innermost(details.cause);
  const where = whereOf(details);
  // One that is not of a place, such as a template that isn't there, is at the place that asked for it.
  if (inner?.where !== undefined) return chainText(inner, where);
  return details.source === undefined ? undefined : excerpt(details.source, details.pos ?? 0);
}

// A recursion's chain says nothing after some lines.
function chainText({ detail = "", depth }: TemplateError, where: string | undefined): string {
  if (where === undefined || depth > maxChain) return detail;
  const line = `  in ${where}`;
  if (detail.endsWith(`\n${line}`)) return `${detail}, again and again`;
  if (detail.endsWith(`\n${line}, again and again`)) return detail;
  return `${detail}\n  ${depth === maxChain ? "…" : `in ${where}`}`;
}

function lineIn({ source, pos = 0 }: TemplateErrorDetails): string | undefined {
  if (source === undefined) return undefined;
  const end = source.text.indexOf("\n", pos);
  return source.text.slice(source.text.lastIndexOf("\n", pos - 1) + 1, end < 0 ? undefined : end);
}

/** The source line with a caret under the place. */
function excerpt(source: Source, pos: number): string {
  const start = source.text.lastIndexOf("\n", pos - 1) + 1;
  const end = source.text.indexOf("\n", pos);
  const line = source.text.slice(start, end < 0 ? undefined : end).replaceAll("\r", "");
  const number = String(lineNumber(source, pos));
  const from = Math.max(0, pos - start - 100);
  const indent = line.slice(from, pos - start).replace(/[^\t]/g, " ");
  return `${number} | ${line.slice(from, from + 200)}\n${" ".repeat(number.length)} | ${indent}^`;
}

function lineNumber(source: Source, pos: number): number {
  let line = 1;
  for (let at = source.text.indexOf("\n"); at >= 0 && at < pos; at = source.text.indexOf("\n", at + 1)) line++;
  return line;
}

/** `file:line:column` as Go computes it: the column counts bytes from 0. */
function location(source: Source, pos: number): string {
  const start = source.text.lastIndexOf("\n", pos - 1) + 1;
  const from = pos === 0 ? 0 : start;
  return `${source.name}:${lineNumber(source, pos)}:${byteLength(source.text.slice(from, pos))}`;
}

export type ParsePlace = { linePos: number; pos: number; hint?: string | undefined };

/** An error of the parser: Go names the line only. */
export function parseError(source: Source, reason: string, { linePos, pos, hint }: ParsePlace): TemplateError {
  const goText = `template: ${source.name}:${lineNumber(source, linePos)}: ${reason}`;
  return new TemplateError("TEMPLATE_PARSE", { goText, reason, source, pos, hint });
}

export type ExecFailure = {
  node: BodyNode | ListNode | ExpressionNode;
  /** The node in the template's body that `node` is, or that it is a part of. */
  body: BodyNode | ListNode;
  template: string;
  reason: string;
  hint?: string | undefined;
  cause?: unknown;
};

/** An error while a template runs, at the node that was evaluated last. */
export function execError({ node, body, template, reason, hint, cause }: ExecFailure): TemplateError {
  const { source } = body;
  const pos = "source" in node ? node.pos : node.pos + ("start" in body ? body.start : 0);
  const expression = nodeText(node);
  const place = `${location(source, pos)}: executing ${quote(template)} at <${expression}>`;
  return new TemplateError("TEMPLATE_EXEC", {
    goText: `template: ${place}: ${reason}`,
    reason,
    expression,
    source,
    pos,
    hint,
    cause,
  });
}

export function lineOf(source: Source, pos: number): number {
  return lineNumber(source, pos);
}
