import type { TreeNode } from "./nodes.ts";
import { type Compiled, fail, limitError, type Scope, type State, step, type Value } from "./state.ts";

export type Run = { data: Value; out: { text: string }; node: TreeNode };

/** Runs one template inside whatever runs already; the depth is the caller's again when it fails. */
export function runTemplate(scope: Scope, template: Compiled, { data, out, node }: Run): void {
  step(scope);
  const { budget } = scope;
  const slots: Value[] = new Array(template.slots);
  slots[0] = data;
  const s: State = { scope, name: template.name, out, slots, anySlots: [], anyDot: false, piped: undefined, node };
  if (budget.depth >= budget.limits.depth) tooDeep(s);
  budget.depth++;
  try {
    template.run(s, data);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    if (!error.message.includes("call stack")) throw limitError("made a text that is too long", error);
    tooDeep(s);
  } finally {
    budget.depth--;
  }
}

function tooDeep(s: State): never {
  const hint = "A template that calls itself needs a condition under which it stops.";
  return fail(s, `exceeded maximum template depth (${s.scope.budget.depth})`, hint);
}
