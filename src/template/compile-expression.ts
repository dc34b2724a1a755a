import type { GoValue } from "../base/go-value.ts";
import { callFunctionValue } from "./builtins.ts";
import { type EngineFunction, invoke } from "./call.ts";
import {
  type ArgumentCode,
  type CallPlan,
  constant,
  evaluateArguments,
  planCall,
  typedArgument,
} from "./compile-argument.ts";
import { entryOf, type FieldStep, givesAny, type Method, readField } from "./fields.ts";
import type { TypedMethod } from "./function.ts";
import { goTypeOf } from "./go-type.ts";
import { nodeText } from "./node-text.ts";
import type {
  ChainNode,
  CommandNode,
  ExpressionNode,
  FieldNode,
  IdentifierNode,
  OperandNode,
  PipeNode,
  VariableNode,
} from "./nodes.ts";
import { type Eval, fail, failing, type State, type Value } from "./state.ts";
import { isTrue } from "./truth.ts";
import type { Variables } from "./variables.ts";

/** What is known while one template is compiled. */
export type Compiler = {
  /** The code of closed pipelines, which the same actions share. */
  closed: Map<PipeNode, Eval>;
  variables: Variables;
  function(name: string): EngineFunction | undefined;
  isBuiltin(name: string): boolean;
};

/** A command's code; `piped` is the value of the command before it, if there is one. */
type CommandCode = (s: State, dot: Value, piped?: Value) => Value;

/** What stands in a command beside its first word. */
type Rest = { args: ArgumentCode[]; isPiped: boolean };

/** Evaluates a pipeline and sets the variables that it declares or assigns. */
export function compilePipe(c: Compiler, pipe: PipeNode): Eval {
  if (!pipe.isClosed) return compileOpenPipe(c, pipe);
  const known = c.closed.get(pipe);
  if (known !== undefined) return known;
  const code = compileOpenPipe(c, pipe);
  c.closed.set(pipe, code);
  return code;
}

function compileOpenPipe(c: Compiler, pipe: PipeNode): Eval {
  const commands = pipe.cmds.map((command, index) => compileCommand(c, command, index > 0));
  const run = chainCommands(pipe, commands);
  if (pipe.decl.length === 0) return run;
  const setters = pipe.decl.map((variable) => compileSetter(c, variable, pipe.isAssign));
  return (s, dot) => {
    const value = run(s, dot);
    for (const set of setters) set(s, value);
    return value;
  };
}

// A nil that a command found in a map or list becomes «no value» behind it, as Go unpacks an interface.
function chainCommands(pipe: PipeNode, commands: CommandCode[]): Eval {
  const [first, second] = commands;
  if (first === undefined) return () => undefined;
  if (second === undefined) {
    return (s, dot) => {
      s.node = pipe;
      return first(s, dot, undefined) ?? undefined;
    };
  }
  return (s, dot) => {
    s.node = pipe;
    let value: Value;
    for (let at = 0; at < commands.length; at++) value = (commands[at] as CommandCode)(s, dot, value) ?? undefined;
    return value;
  };
}

function compileSetter(c: Compiler, variable: VariableNode, isAssign: boolean): (s: State, value: Value) => void {
  const name = variable.idents[0];
  const slot = isAssign ? c.variables.find(name) : c.variables.declare(name);
  if (slot === undefined) return (s) => fail(s, `undefined variable: ${name}`);
  return (s, value) => {
    s.slots[slot] = value;
    s.anySlots[slot] = false;
  };
}

function compileCommand(c: Compiler, command: CommandNode, isPiped: boolean): CommandCode {
  const first = command.args[0];
  const others = command.args.length === 1 ? none : command.args.slice(1);
  switch (first.type) {
    case "field":
      return compileField(first, compileRest(c, others, isPiped));
    case "chain":
      return compileChain(c, first, compileRest(c, others, isPiped));
    case "identifier":
      return compileFunction(c, { ident: first, node: command, others }, compileRest(c, others, isPiped));
    case "variable":
      return compileVariable(c, first, compileRest(c, others, isPiped));
  }
  if (others.length > 0 || isPiped) return notAFunction(first);
  switch (first.type) {
    case "pipe":
      return compilePipe(c, first);
    case "dot":
      return (s, dot) => {
        s.node = first;
        return dot;
      };
    case "nil":
      return failing(first, "nil is not a command");
    default:
      return constant(first);
  }
}

function compileRest(c: Compiler, others: readonly OperandNode[], isPiped: boolean): Rest {
  if (others.length === 0 && !isPiped) return noRest;
  return { args: others.map((arg) => compileArgument(c, arg)), isPiped };
}

function notAFunction(first: OperandNode): CommandCode {
  const reason = `can't give argument to non-function ${nodeText(first)}`;
  return (s) => {
    if (first.type !== "pipe") s.node = first;
    return fail(s, reason);
  };
}

const none: readonly OperandNode[] = [];
const noRest: Rest = { args: [], isPiped: false };

function compileArgument(c: Compiler, node: OperandNode): ArgumentCode {
  switch (node.type) {
    case "bool":
    case "nil":
    case "number":
    case "string":
      return { literal: node };
    case "dot":
      return { node, run: atDot(node) };
    case "field":
      return { node, run: compileField(node, noRest) };
    case "variable":
      return { node, run: compileVariable(c, node, noRest) };
    case "pipe":
      return { node, run: compilePipe(c, node) };
    case "identifier":
      return { node, run: compileFunction(c, { ident: node, node, others: [] }, noRest) };
    case "chain":
      return { node, run: compileChain(c, node, noRest) };
  }
}

function atDot(node: ExpressionNode): Eval {
  return (s, dot) => {
    s.node = node;
    return dot;
  };
}

function compileField(node: FieldNode, rest: Rest): CommandCode {
  const read = compileSteps({ node, fields: node.idents, base: "" }, rest);
  return (s, dot, piped) => {
    s.node = node;
    s.piped = piped;
    return read(s, dot, dot, s.anyDot);
  };
}

function compileVariable(c: Compiler, node: VariableNode, rest: Rest): CommandCode {
  const [name, ...fields] = node.idents;
  const slot = c.variables.find(name);
  if (slot === undefined) return failing(node, `undefined variable: ${name}`);
  if (fields.length === 0) {
    if (rest.args.length > 0 || rest.isPiped) return notAFunction(node);
    return (s) => {
      s.node = node;
      return s.slots[slot];
    };
  }
  const read = compileSteps({ node, fields, base: name }, rest);
  return (s, dot, piped) => {
    s.node = node;
    s.piped = piped;
    return read(s, dot, s.slots[slot], s.anySlots[slot] === true);
  };
}

function compileChain(c: Compiler, node: ChainNode, rest: Rest): CommandCode {
  const code = compileArgument(c, node.node);
  const receiver = typedArgument(code, "value") as Eval;
  const base = node.node.type === "pipe" ? `(${nodeText(node.node)})` : nodeText(node.node);
  const read = compileSteps({ node, fields: node.fields, base }, rest);
  return (s, dot, piped) => {
    s.node = node;
    const value = receiver(s, dot);
    s.piped = piped;
    return read(s, dot, value, false);
  };
}

type Steps = { node: ExpressionNode; fields: string[]; base: string };
type ReadSteps = (s: State, dot: Value, receiver: Value, isAny: boolean) => Value;

function compileSteps(steps: Steps, rest: Rest): ReadSteps {
  const { fields } = steps;
  const last = fields.length - 1;
  const hasArgs = hasArguments(rest);
  return (s, dot, receiver, isAny) => {
    let value = receiver;
    let any = isAny;
    for (let index = 0; index <= last; index++) {
      const name = fields[index] ?? "";
      const entry: Value = hasArgs && index === last ? undefined : entryOf(value, name);
      if (entry !== undefined) {
        value = entry;
        any = true;
        continue;
      }
      const container = value;
      value = readField(s, dot, value, fieldStep(steps, index === last ? rest : noRest, index), any);
      any = givesAny(container, name);
    }
    return value;
  };
}

function fieldStep({ node, fields, base }: Steps, rest: Rest, index: number): FieldStep {
  const name = fields[index] ?? "";
  return {
    name,
    path: [base, ...fields.slice(0, index)].join("."),
    node,
    hasArgs: hasArguments(rest),
    call: (s, dot, method) => callMethod({ s, dot, method, name, node, rest }),
  };
}

function hasArguments({ args, isPiped }: Rest): boolean {
  return isPiped || args.length > 0;
}

type MethodCall = { s: State; dot: Value; method: Method; name: string; node: ExpressionNode; rest: Rest };

function callMethod({ s, dot, method, name, node, rest }: MethodCall): Value {
  const { piped } = s;
  const { params, variadic } = method as TypedMethod;
  const fn: EngineFunction =
    params === undefined
      ? { params: ["any"], variadic: true, call: method }
      : { params, variadic: variadic === true, call: method };
  const plan = planCall(name, fn, rest.args, rest.isPiped);
  if (typeof plan === "string") return fail(s, plan);
  return call(s, { name, node }, plan, evaluateArguments(s, dot, plan, piped));
}

function call(
  s: State,
  site: { name: string; node: ExpressionNode },
  plan: CallPlan,
  args: unknown[],
): GoValue | undefined {
  return invoke(s, { ...site, fn: plan.fn }, args);
}

type FunctionSite = { ident: IdentifierNode; node: ExpressionNode; others: readonly OperandNode[] };

function compileFunction(c: Compiler, site: FunctionSite, rest: Rest): CommandCode {
  const { ident, node } = site;
  const { name } = ident;
  const known = c.function(name);
  if (c.isBuiltin(name)) {
    if (name === "and" || name === "or") return compileShortCircuit(site, rest);
    if (name === "call") return compileCall(site, rest);
  }
  // The plan that fits the function called last; clones of a set bring functions of their own.
  let planned = known;
  let plan = known && planCall(name, known, rest.args, rest.isPiped);
  return (s, dot, piped) => {
    s.node = ident;
    const fn = (s.scope.own.size > 0 ? s.scope.own.get(name) : undefined) ?? known;
    if (fn === undefined) return fail(s, `"${name}" is not a defined function`);
    if (fn !== planned) {
      planned = fn;
      plan = planCall(name, fn, rest.args, rest.isPiped);
    }
    const current = plan;
    if (current === undefined || typeof current === "string") return fail(s, current ?? "");
    const args = evaluateArguments(s, dot, current, piped);
    return invoke(s, { name, node, fn: current.fn }, args);
  };
}

function compileShortCircuit({ ident }: FunctionSite, rest: Rest): CommandCode {
  const isOr = ident.name === "or";
  const args = rest.args.map((code) => typedArgument(code, "value") as Eval);
  if (args.length === 0 && !rest.isPiped) {
    return failing(ident, `wrong number of args for ${ident.name}: want at least 1 got 0`);
  }
  return (s, dot, piped) => {
    s.node = ident;
    let value: Value;
    for (const arg of args) {
      value = arg(s, dot);
      if (isTrue(value) === isOr) return value;
    }
    return rest.isPiped ? piped : value;
  };
}

function compileCall({ ident, node, others }: FunctionSite, rest: Rest): CommandCode {
  const [callee] = others;
  const shape: EngineFunction = { params: ["value", "value"], variadic: true, call: () => null };
  const plan = planCall("call", shape, rest.args, rest.isPiped);
  if (typeof plan === "string") return failing(ident, plan);
  return (s, dot, piped) => {
    s.node = ident;
    const [target, ...args] = evaluateArguments(s, dot, plan, piped) as Value[];
    const name = callee === undefined ? valueText(target) : nodeText(callee);
    const fn: EngineFunction = { params: [], call: () => callFunctionValue(name, target, args) };
    return invoke(s, { name: "call", node, fn }, []);
  };
}

// What reflect.Value's String method gives: the piped value is called by it.
function valueText(value: Value): string {
  if (typeof value === "string") return value;
  return value === undefined ? "<invalid Value>" : `<${goTypeOf(value)} Value>`;
}
