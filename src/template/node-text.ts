import type { BranchNode, CommandNode, PipeNode, TreeNode } from "./nodes.ts";
import { quote } from "./quote.ts";

/** A node as Go's String method prints it in error messages. */
export function nodeText(node: TreeNode): string {
  switch (node.type) {
    case "list":
      return node.nodes.map((part) => (typeof part === "string" ? part : nodeText(part))).join("");
    case "action":
      return `{{${pipeText(node.pipe)}}}`;
    case "if":
    case "range":
    case "with":
      return branchText(node);
    case "template":
      return `{{template ${quote(node.name)}${node.pipe ? ` ${pipeText(node.pipe)}` : ""}}}`;
    case "break":
    case "continue":
    case "end":
    case "else":
      return `{{${node.type}}}`;
    case "pipe":
      return pipeText(node);
    case "command":
      return commandText(node);
    default:
      return operandText(node);
  }
}

function operandText(node: Exclude<CommandNode["args"][number], PipeNode>): string {
  switch (node.type) {
    case "identifier":
      return node.name;
    case "variable":
      return node.idents.join(".");
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "field":
      return `.${node.idents.join(".")}`;
    case "chain":
      return [grouped(node.node), ...node.fields].join(".");
    case "bool":
      return String(node.value);
    case "string":
      return node.quoted;
    case "number":
      return node.text;
  }
}

function grouped(node: CommandNode["args"][number]): string {
  return node.type === "pipe" ? `(${pipeText(node)})` : operandText(node);
}

function commandText(node: CommandNode): string {
  return node.args.map(grouped).join(" ");
}

function pipeText(node: PipeNode): string {
  const names = node.decl.map((variable) => variable.idents.join(".")).join(", ");
  const declaration = names && `${names} ${node.isAssign ? "=" : ":="} `;
  return declaration + node.cmds.map(commandText).join(" | ");
}

function branchText(node: BranchNode): string {
  const otherwise = node.elseList ? `{{else}}${nodeText(node.elseList)}` : "";
  return `{{${node.type} ${pipeText(node.pipe)}}}${nodeText(node.list)}${otherwise}{{end}}`;
}
