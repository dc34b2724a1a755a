import { monotonicMs } from "../base/clock.ts";
import { hasCode, SlipwayError } from "../base/error.ts";
import type { GoValue } from "../base/go-value.ts";
import type { FunctionTable } from "./function.ts";
import type { BodyNode, ExpressionNode, ListNode } from "./nodes.ts";
import { execError } from "./template-error.ts";

/**
 * What an expression gives. Go tells «no value» from nil: `undefined` is reflect's zero Value, which prints as
 * `<no value>`; `null` is a nil that was read out of a map or list, whose fields are an error.
 */
export type Value = GoValue | undefined;

export type MissingKey = "default" | "zero" | "error";

export type Limits = {
  /** Templates inside templates, by `template`, `include` or `tpl`. */
  depth: number;
  /** What one set may write in all, in UTF-16 units. */
  outputBytes: number;
  /** Calls and turns of loops of one set in all. */
  steps: number;
  timeMs: number;
};

/** What the runs of one set and its clones have used up together. */
export type Budget = {
  limits: Limits;
  depth: number;
  written: number;
  steps: number;
  /** The step at which the clock is read next. */
  nextCheck: number;
  /** When the clock was read last, and how many steps later it is read again. */
  checkedAt: number;
  checkEvery: number;
  spentMs: number;
  startedAt: number;
};

/** A compiled template. */
export type Compiled = { name: string; run: Exec };

/** What running code asks of its set. */
export type Scope = {
  missingKey: MissingKey;
  budget: Budget;
  lookup(name: string): Compiled | undefined;
  names(): Iterable<string>;
  /** Functions that this set has in place of, or beside, those that were known at compile time. */
  own: ReadonlyMap<string, FunctionTable[string]>;
};

/** One running template. */
export type State = {
  scope: Scope;
  name: string;
  out: { text: string };
  slots: Value[];
  /** Slots, and dot, that hold an element of an `any` list or map: errors name its type `interface {}`. */
  anySlots: boolean[];
  anyDot: boolean;
  /** The value piped into the method call that ends a chain of fields. */
  piped: Value;
  /** For errors: what is run, and the node of it that is evaluated, which may be itself. */
  body: BodyNode | ListNode;
  node: BodyNode | ListNode | ExpressionNode;
};

/** How a list ended: by itself, or at a `break` or `continue` that the range around it takes. */
export type Signal = 0 | 1 | 2;
export const done = 0;
export const broke = 1;
export const continued = 2;

export type Exec = (s: State, dot: Value) => Signal;
/** The code of a block, compiled when it is first asked for. */
export type Block = () => Exec;
export type Eval = (s: State, dot: Value) => Value;

export function fail(s: State, reason: string, hint?: string): never {
  throw execError({ node: s.node, body: s.body, template: s.name, reason, hint });
}

/** Code that can only fail, and does so when it is reached: Go finds these errors while it runs. */
export function failing(node: ExpressionNode, reason: string): (s: State) => never {
  return (s) => {
    s.node = node;
    return fail(s, reason);
  };
}

/** Reading the clock costs as much as some steps do; but a step may also be a key that takes half a second to make. */
const maxStepsBetweenChecks = 64;
const slowMs = 10;

/** Counts one call or turn of a loop. */
export function step({ budget }: Scope): void {
  if (++budget.steps >= budget.nextCheck) checkBudget(budget);
}

function checkBudget(budget: Budget): void {
  const { limits } = budget;
  const now = monotonicMs();
  const isSlow = now - budget.checkedAt > slowMs;
  budget.checkedAt = now;
  budget.checkEvery = isSlow ? 1 : Math.min(budget.checkEvery * 2, maxStepsBetweenChecks);
  budget.nextCheck = Math.min(budget.steps + budget.checkEvery, limits.steps);
  if (budget.steps >= limits.steps) throw limitError(`took more than ${limits.steps} steps`);
  if (budget.spentMs + now - budget.startedAt > limits.timeMs) {
    throw limitError(`took longer than ${limits.timeMs / 1000} s`);
  }
}

export function write(s: State, text: string): void {
  s.out.text += text;
  const { budget } = s.scope;
  budget.written += text.length;
  if (budget.written > budget.limits.outputBytes) {
    throw limitError(`wrote more than ${budget.limits.outputBytes} bytes`);
  }
}

export function limitError(reason: string, cause?: unknown): SlipwayError {
  return new SlipwayError("LIMIT_EXCEEDED", `The templates ${reason}`, {
    hint: "Look for a loop or a recursion that does not end, or for a number that is far too large.",
    cause,
  });
}

/** The same error with the place that was reached, unless it has one. */
export function withPlace(error: unknown, { node, body, name }: Pick<State, "node" | "body" | "name">): unknown {
  if (!hasCode(error, "LIMIT_EXCEEDED") || error.where !== undefined) return error;
  const { where, detail } = execError({ node, body, template: name, reason: error.message });
  return new SlipwayError(error.code, error.message, {
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(where !== undefined && { where }),
    ...(detail !== undefined && { detail }),
    cause: error,
  });
}
