import type { Head } from "./action-head.ts";
import type { OperandNode, PipeNode, VariableNode } from "./nodes.ts";
import type { Parser } from "./parser-state.ts";
import { unquote } from "./quote.ts";

// An action, `if`, `with` or `range` on one field or variable: half of what charts write.
const chain =
  /^(\{\{(?:-(?=[ \t\r\n]))?[ \t\r\n]*(?:(if|with|range)[ \t\r\n]+)?)(\$[A-Za-z0-9_]*)?((?:\.[A-Za-z_][A-Za-z0-9_]*)*)[ \t\r\n]*(?:[ \t\r\n]-)?\}\}$/;

/** The one empty list of each kind, so that no action needs lists of its own. */
export const none: readonly string[] = [];
export const noVariables: readonly VariableNode[] = [];

/** Reads an action of the simplest forms by one look at its text; `undefined` where it is of none, or wrong. */
export function simpleHead(p: Parser, text: string): Head | undefined {
  if (text.charCodeAt(2) === 96) return rawString(text);
  const match = chain.exec(text);
  if (match === null) return undefined;
  const [, lead = "", word = "action", variable, fields = ""] = match;
  const { length: pos } = lead;
  if (variable === undefined) return fields === "" ? undefined : headOf(word, pos, fieldNode(pos, fields));
  if (!p.vars.includes(variable)) return undefined;
  if (variable !== "$") p.used.push(variable);
  const names = fields === "" ? [] : namesIn(fields);
  const at = fields === "" ? pos : pos + variable.length;
  return headOf(word, pos, { type: "variable", pos: at, idents: [variable, ...names] });
}

function rawString(text: string): Head | undefined {
  if (text.indexOf("`", 3) !== text.length - 3) return undefined;
  const quoted = text.slice(2, -2);
  return headOf("action", 2, { type: "string", pos: 2, quoted, text: unquote(quoted) ?? "" });
}

/** `.a.b` → `a`, `b`. */
export function namesIn(fields: string): string[] {
  return fields.slice(1).split(".");
}

/** Go places a chain of fields at its second one. */
export function fieldNode(start: number, fields: string): OperandNode {
  const idents = namesIn(fields);
  const [first = ""] = idents;
  return { type: "field", pos: idents.length > 1 ? start + first.length + 1 : start, idents };
}

function headOf(type: string, pos: number, node: OperandNode): Head {
  const pipe: PipeNode = {
    type: "pipe",
    pos,
    isAssign: false,
    decl: noVariables,
    cmds: [{ type: "command", pos, args: [node] }],
    isClosed: false,
  };
  return { type: type as "action" | "if" | "with" | "range", pipe, pos, used: none, declared: none };
}
