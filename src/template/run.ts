import type { BodyNode, ListNode } from "./nodes.ts";
import { type Compiled, fail, limitError, type Scope, type State, step, type Value, withPlace } from "./state.ts";

export type Run = { data: Value; out: { text: string }; node: BodyNode | ListNode };

/** Runs one template inside whatever runs already; the depth is the caller's again when it fails. */
export function runTemplate(scope: Scope, template: Compiled, { data, out, node }: Run): void {
  step(scope);
  const { budget } = scope;
  const { name } = template;
  const s: State = { scope, name, out, slots: [data], anySlots: [], anyDot: false, piped: undefined, body: node, node };
  if (budget.depth >= budget.limits.depth) tooDeep(s);
  budget.depth++;
  try {
    template.run(s, data);
  } catch (error) {
    if (isStackOverflow(error)) tooDeep(s);
    throw withPlace(error instanceof RangeError ? limitError("made a text that is too long", error) : error, s);
  } finally {
    budget.depth--;
  }
}

// A regular expression that finds no stack left says so in a SyntaxError.
function isStackOverflow(error: unknown): boolean {
  if (error instanceof RangeError) return error.message.includes("call stack");
  return error instanceof SyntaxError && error.message.endsWith("Stack overflow");
}

function tooDeep(s: State): never {
  const hint = "A template that calls itself needs a condition under which it stops.";
  return fail(s, `exceeded maximum template depth (${s.scope.budget.depth})`, hint);
}
