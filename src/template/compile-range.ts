import { GoSlice, GoTypedMap } from "../base/go-objects.ts";
import { sortedKeys } from "../base/go-string.ts";
import { GoInt, type GoIntKind, type GoMap, type GoValue } from "../base/go-value.ts";
import { type Compiler, compilePipe } from "./compile-expression.ts";
import { goText } from "./format.ts";
import { goIntOf, goTypeOf } from "./go-type.ts";
import type { BranchNode, ListNode } from "./nodes.ts";
import { type Block, broke, done, type Exec, fail, type Signal, type State, step, type Value } from "./state.ts";

/** Sets the loop's variables and runs its body once. */
type Turn = (s: State, index: Value, element: Value) => Signal;

type Loop = { turn: Turn; variables: number };

export function compileRange(
  c: Compiler,
  node: BranchNode,
  compileBlock: (c: Compiler, list: ListNode) => Block,
): Exec {
  const inner = { ...c, variables: c.variables.inner() };
  const pipe = compilePipe(inner, node.pipe);
  const slots = node.pipe.decl.map((variable) => inner.variables.find(variable.idents[0]) ?? -1);
  const body = compileBlock(inner, node.list);
  const otherwise = node.elseList && compileBlock(inner, node.elseList);
  const loop: Loop = { turn: compileTurn(slots, body), variables: slots.length };
  return (s, dot) => {
    s.body = s.node = node;
    const value = pipe(s, dot);
    const { anyDot } = s;
    const ran = iterate(s, value, loop);
    s.anyDot = anyDot;
    return ran || otherwise === undefined ? done : otherwise()(s, dot);
  };
}

// With two variables the index comes first; one takes the element.
function compileTurn(slots: number[], body: Block): Turn {
  const elementSlot = slots.at(-1);
  const indexSlot = slots.length > 1 ? slots[0] : undefined;
  return (s, index, element) => {
    step(s.scope);
    if (elementSlot !== undefined) {
      s.slots[elementSlot] = element;
      s.anySlots[elementSlot] = s.anyDot;
    }
    if (indexSlot !== undefined) s.slots[indexSlot] = index;
    return body()(s, element);
  };
}

/** Whether there was anything to run over. */
function iterate(s: State, value: Value, loop: Loop): boolean {
  if (value === undefined || value === null) return false;
  if (Array.isArray(value)) return overItems(s, value, loop, true);
  if (value instanceof Map) return overMap(s, value, loop, true);
  if (value instanceof GoSlice) return overItems(s, value.items, loop, false);
  if (value instanceof GoTypedMap) return overMap(s, value.entries, loop, value.zero === null);
  const count = goIntOf(value);
  if (count !== undefined) return overCount(s, value, count, loop);
  return fail(s, `range can't iterate over ${goText(value)}`);
}

function overItems(s: State, items: readonly GoValue[], { turn, variables }: Loop, isAny: boolean): boolean {
  const { length } = items;
  for (let i = 0; i < length; i++) {
    s.anyDot = isAny;
    const index = variables > 1 ? new GoInt("int", BigInt(i)) : undefined;
    if (turn(s, index, items[i]) === broke) break;
  }
  return length > 0;
}

// The body may change the map: Go has read it whole before.
function overMap(s: State, entries: GoMap, { turn }: Loop, isAny: boolean): boolean {
  const sorted = sortedKeys(entries).map((key) => [key, entries.get(key)] as const);
  for (const [key, element] of sorted) {
    s.anyDot = isAny;
    if (turn(s, key, element) === broke) break;
  }
  return sorted.length > 0;
}

function overCount(s: State, value: GoValue, count: bigint, { turn, variables }: Loop): boolean {
  if (variables > 1) fail(s, `can't use ${goText(value)} to iterate over more than one variable`);
  s.anyDot = false;
  const kind = goTypeOf(value);
  for (let i = 0n; i < count; i++) {
    if (turn(s, undefined, kind === "int64" ? i : new GoInt(kind as GoIntKind, i)) === broke) break;
  }
  return count > 0n;
}
