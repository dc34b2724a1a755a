import { GoTypedMap } from "../base/go-objects.ts";
import { GoObject, type GoValue } from "../base/go-value.ts";
import { NamedMap } from "../base/named-map.ts";
import { goTypeOf } from "./go-type.ts";
import type { ExpressionNode } from "./nodes.ts";
import { fail, type State, type Value } from "./state.ts";

/** A method bound to its receiver. */
export type Method = (...args: GoValue[]) => GoValue;

/** One step of a chain like `.Values.image.tag`. */
export type FieldStep = {
  name: string;
  /** The chain up to and without this step, as the user wrote it: `.Values.image`. */
  path: string;
  node: ExpressionNode;
  hasArgs: boolean;
  /** Calls a method, with the arguments that the chain's last step has. */
  call: (s: State, dot: Value, method: Method) => Value;
};

/** Reads a field of a receiver; `isAny` where the receiver is an element of an `any` map or list. */
export function readField(s: State, dot: Value, receiver: Value, step: FieldStep, isAny: boolean): Value {
  if (receiver instanceof Map) return mapField(s, dot, receiver, step);
  if (receiver === undefined) {
    if (s.scope.missingKey === "error") fail(s, `nil data; no entry for key "${step.name}"`);
    return undefined;
  }
  if (receiver === null) return nilField(s, step);
  if (receiver instanceof GoObject) return objectField(s, dot, receiver, step, isAny);
  return noField(s, receiver, step, isAny);
}

/** The quick way for what nearly every step is: an entry, of type `any`, of a map. `undefined` where it is none. */
export function entryOf(container: Value, name: string): Value {
  if (!(container instanceof Map)) return undefined;
  if (container.constructor === Map) return container.get(name);
  return container instanceof NamedMap && !Object.hasOwn(container.methods, name) ? container.get(name) : undefined;
}

/** Whether what a step finds in a container is an element of type `any`: errors name that type then. */
export function givesAny(container: Value, name: string): boolean {
  if (container instanceof NamedMap) return !Object.hasOwn(container.methods, name);
  return container instanceof GoTypedMap ? container.zero === null : !(container instanceof GoObject);
}

function mapField(s: State, dot: Value, receiver: Map<string, GoValue>, step: FieldStep): Value {
  if (receiver instanceof NamedMap && Object.hasOwn(receiver.methods, step.name)) {
    const method = receiver.methods[step.name];
    if (method !== undefined) return step.call(s, dot, (...args) => method(receiver, ...args));
  }
  if (step.hasArgs) fail(s, `${step.name} is not a method but has arguments`);
  const value = receiver.get(step.name);
  return value === undefined ? missing(s, step, null) : value;
}

function missing(s: State, step: FieldStep, zero: GoValue): Value {
  switch (s.scope.missingKey) {
    case "zero":
      return zero;
    case "error":
      return fail(s, `map has no entry for key "${step.name}"`);
    default:
      return undefined;
  }
}

function nilField(s: State, step: FieldStep): never {
  const hint = `${step.path || "."} is nil, so it has no ${step.name}: set it in the values, or guard this with {{ with }} or {{ if }}.`;
  return fail(s, `nil pointer evaluating interface {}.${step.name}`, hint);
}

function objectField(s: State, dot: Value, receiver: GoObject, step: FieldStep, isAny: boolean): Value {
  const method = receiver.method(step.name);
  if (method !== undefined) return step.call(s, dot, method);
  if (receiver instanceof GoTypedMap) {
    if (step.hasArgs) fail(s, `${step.name} is not a method but has arguments`);
    const value = receiver.entries.get(step.name);
    return value === undefined ? missing(s, step, receiver.zero) : value;
  }
  const field = receiver.field(step.name);
  if (field === undefined) return noField(s, receiver, step, isAny);
  if (step.hasArgs) fail(s, `${step.name} has arguments but cannot be invoked as function`);
  return field;
}

function noField(s: State, receiver: GoValue, step: FieldStep, isAny: boolean): never {
  const type = isAny ? "interface {}" : goTypeOf(receiver);
  const hint = `${step.path || "."} is of type ${goTypeOf(receiver)}, which has no fields such as ${step.name}.`;
  return fail(s, `can't evaluate field ${step.name} in type ${type}`, receiver instanceof GoObject ? undefined : hint);
}
