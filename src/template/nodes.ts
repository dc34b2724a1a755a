/** Where a node's text lies: the file that was parsed, whatever template of it the node belongs to. */
export type Source = { name: string; text: string };

type At = { pos: number; source: Source };
/** A node with an expression: `start` is where its `{{` stands. */
type ActionAt = At & { start: number };
/** Inside an expression: `pos` counts from the `{{`, so that actions of one text share one tree. */
type Within = { pos: number };

/** What stands between the actions is texts alone, half of all there is. */
export type ListNode = At & { type: "list"; nodes: (string | BodyNode)[] };
export type ActionNode = ActionAt & { type: "action"; pipe: PipeNode };
export type BranchNode = ActionAt & {
  type: "if" | "range" | "with";
  pipe: PipeNode;
  list: ListNode;
  elseList: ListNode | undefined;
};
export type TemplateNode = ActionAt & { type: "template"; name: string; pipe: PipeNode | undefined };
export type JumpNode = At & { type: "break" | "continue" };
/** Closes a list; never part of a tree. */
export type CloserNode = At & { type: "end" | "else" };

export type PipeNode = Within & {
  type: "pipe";
  isAssign: boolean;
  decl: readonly VariableNode[];
  cmds: CommandNode[];
  /** Known to use and declare no variable but `$`, so that its code is the same wherever it stands. */
  isClosed: boolean;
};
export type CommandNode = Within & { type: "command"; args: [OperandNode, ...OperandNode[]] };
export type IdentifierNode = Within & { type: "identifier"; name: string };
/** `idents[0]` is the variable with its `$`, the rest its fields. */
export type VariableNode = Within & { type: "variable"; idents: [string, ...string[]] };
export type DotNode = Within & { type: "dot" };
export type NilNode = Within & { type: "nil" };
export type FieldNode = Within & { type: "field"; idents: string[] };
export type ChainNode = Within & { type: "chain"; node: OperandNode; fields: string[] };
export type BoolNode = Within & { type: "bool"; value: boolean };
export type StringNode = Within & { type: "string"; quoted: string; text: string };
/** Each form that the constant can take; `undefined` where it has none. */
export type NumberNode = Within & {
  type: "number";
  text: string;
  int: bigint | undefined;
  uint: bigint | undefined;
  float: number | undefined;
};

export type BodyNode = ActionNode | BranchNode | TemplateNode | JumpNode;
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
/** A node in an expression. */
export type ExpressionNode = CommandNode | OperandNode;
export type TreeNode = ListNode | BodyNode | CloserNode | CommandNode | OperandNode;

/** One named template: a file's own text, or a `define` or `block` in it. */
export type Tree = { name: string; root: ListNode };
