import { GoStruct } from "../base/go-objects.ts";
import { GoObject } from "../base/go-value.ts";
import { nearestName } from "../base/nearest-name.ts";
import { type Compiler, compilePipe } from "./compile-expression.ts";
import { compileRange } from "./compile-range.ts";
import { goText } from "./format.ts";
import { goTypeOf } from "./go-type.ts";
import { nodeText } from "./node-text.ts";
import type { ActionNode, BodyNode, BranchNode, ListNode, TemplateNode, Tree } from "./nodes.ts";
import { quote } from "./quote.ts";
import { runTemplate } from "./run.ts";
import {
  type Block,
  broke,
  type Compiled,
  continued,
  done,
  type Eval,
  type Exec,
  fail,
  type State,
  type Value,
  write,
} from "./state.ts";
import { isTrue } from "./truth.ts";
import { Variables } from "./variables.ts";

/** What is the same for all templates of a set. */
export type Shared = Omit<Compiler, "variables">;

/**
 * Turns a template's tree into closures, each block when it is first reached: many never are. They know no set, so clones
 * share them.
 */
export function compileTemplate(tree: Tree, shared: Shared): Compiled {
  const variables = new Variables();
  variables.declare("$");
  const code = compileBlock({ variables, ...shared }, tree.root);
  return { name: tree.name, run: (s, dot) => code()(s, dot) };
}

function compileBlock(c: Compiler, list: ListNode): Block {
  const variables = c.variables.inner();
  let code: Exec | undefined;
  return () => {
    code ??= compileList({ ...c, variables }, list);
    return code;
  };
}

/** What an action prints, or sets. */
type ActionCode = { node: ActionNode; pipe: Eval };

// Most of a list is texts and actions, which need no closures of their own.
function compileList(c: Compiler, list: ListNode): Exec {
  const parts = list.nodes.map((node) => (typeof node === "string" ? node : compileNode(c, node)));
  const [first] = parts;
  if (parts.length === 1 && typeof first === "function") return first;
  return (s, dot) => {
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at] as string | ActionCode | Exec;
      if (typeof part === "string") write(s, part);
      else if (typeof part === "object") runAction(s, dot, part);
      else {
        const signal = part(s, dot);
        if (signal !== done) return signal;
      }
    }
    return done;
  };
}

function compileNode(c: Compiler, node: BodyNode): ActionCode | Exec {
  switch (node.type) {
    case "action":
      return { node, pipe: compilePipe(c, node.pipe) };
    case "if":
      return compileIf(c, node);
    case "with":
      return compileWith(c, node);
    case "range":
      return compileRange(c, node, compileBlock);
    case "template":
      return compileTemplateCall(c, node);
    case "break":
      return () => broke;
    case "continue":
      return () => continued;
  }
}

function runAction(s: State, dot: Value, { node, pipe }: ActionCode): void {
  s.body = node;
  const value = pipe(s, dot);
  if (node.pipe.decl.length > 0) return;
  write(s, typeof value === "string" ? value : printed(s, node, value));
}

function printed(s: State, node: ActionNode, value: Value): string {
  if (value === undefined || value === null) return "<no value>";
  if (value instanceof GoObject && value.goKind === "func") {
    s.node = node;
    fail(s, `can't print ${nodeText(node)} of type ${goTypeOf(value)}`);
  }
  return (value instanceof GoStruct ? value.addressedText() : undefined) ?? goText(value);
}

function compileIf(c: Compiler, node: BranchNode): Exec {
  const inner = { ...c, variables: c.variables.inner() };
  const pipe = compilePipe(inner, node.pipe);
  const list = compileBlock(inner, node.list);
  const otherwise = node.elseList && compileBlock(inner, node.elseList);
  return (s, dot) => {
    s.body = node;
    if (isTrue(pipe(s, dot))) return list()(s, dot);
    return otherwise === undefined ? done : otherwise()(s, dot);
  };
}

function compileWith(c: Compiler, node: BranchNode): Exec {
  const inner = { ...c, variables: c.variables.inner() };
  const pipe = compilePipe(inner, node.pipe);
  const list = compileBlock(inner, node.list);
  const otherwise = node.elseList && compileBlock(inner, node.elseList);
  return (s, dot) => {
    s.body = node;
    const value = pipe(s, dot);
    if (!isTrue(value)) return otherwise === undefined ? done : otherwise()(s, dot);
    const { anyDot } = s;
    s.anyDot = false;
    const signal = list()(s, value);
    s.anyDot = anyDot;
    return signal;
  };
}

function compileTemplateCall(c: Compiler, node: TemplateNode): Exec {
  const pipe = node.pipe && compilePipe(c, node.pipe);
  return (s, dot) => {
    s.body = s.node = node;
    const template = s.scope.lookup(node.name);
    if (template === undefined) return notDefined(s, node.name);
    const data = pipe === undefined ? undefined : pipe(s, dot);
    runTemplate(s.scope, template, { data, out: s.out, node });
    s.node = node;
    return done;
  };
}

function notDefined(s: State, name: string): never {
  const near = nearestName(name, s.scope.names());
  return fail(s, `template ${quote(name)} not defined`, near && `Did you mean "${near}"?`);
}
