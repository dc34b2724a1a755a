/** Where a node's text lies: the file that was parsed, whatever template of it the node belongs to. */
export type Source = { name: string; text: string };

type At = { pos: number; source: Source };

export type ListNode = At & { type: "list"; nodes: BodyNode[] };
export type TextNode = At & { type: "text"; text: string };
export type ActionNode = At & { type: "action"; pipe: PipeNode };
export type BranchNode = At & {
  type: "if" | "range" | "with";
  pipe: PipeNode;
  list: ListNode;
  elseList: ListNode | undefined;
};
export type TemplateNode = At & { type: "template"; name: string; pipe: PipeNode | undefined };
export type JumpNode = At & { type: "break" | "continue" };
/** Closes a list; never part of a tree. */
export type CloserNode = At & { type: "end" | "else" };

export type PipeNode = At & { type: "pipe"; isAssign: boolean; decl: VariableNode[]; cmds: CommandNode[] };
export type CommandNode = At & { type: "command"; args: [OperandNode, ...OperandNode[]] };
export type IdentifierNode = At & { type: "identifier"; name: string };
/** `idents[0]` is the variable with its `$`, the rest its fields. */
export type VariableNode = At & { type: "variable"; idents: [string, ...string[]] };
export type DotNode = At & { type: "dot" };
export type NilNode = At & { type: "nil" };
export type FieldNode = At & { type: "field"; idents: string[] };
export type ChainNode = At & { type: "chain"; node: OperandNode; fields: string[] };
export type BoolNode = At & { type: "bool"; value: boolean };
export type StringNode = At & { type: "string"; quoted: string; text: string };
/** Each form that the constant can take; `undefined` where it has none. */
export type NumberNode = At & {
  type: "number";
  text: string;
  int: bigint | undefined;
  uint: bigint | undefined;
  float: number | undefined;
};

export type BodyNode = TextNode | ActionNode | BranchNode | TemplateNode | JumpNode;
export type OperandNode =
  | IdentifierNode
  | VariableNode
  | DotNode
  | NilNode
  | FieldNode
  | ChainNode
  | BoolNode
  | StringNode
  | NumberNode
  | PipeNode;
export type TreeNode = ListNode | BodyNode | CloserNode | CommandNode | OperandNode;

/** One named template: a file's own text, or a `define` or `block` in it. */
export type Tree = { name: string; root: ListNode };
