import type { Command } from "./command.ts";
import { type Flag, globalFlags } from "./flags.ts";

export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const rows = commands.map((command) => {
    const aliases = command.aliases ? ` (also: ${command.aliases.join(", ")})` : "";
    return `  ${command.name.padEnd(width)}  ${command.summary}${aliases}`;
  });
  return `Bring a Helm chart to Kubernetes: render, plan, apply, watch, and roll back when it fails, with the cause.

Usage: slipway COMMAND [ARGUMENTS] [FLAGS]

${rows.join("\n")}

slipway COMMAND --help tells more. Try it without a cluster: slipway demo
`;
}

export function commandHelp(command: Command): string {
  const aliases = command.aliases ? `\nAlso: ${command.aliases.map((alias) => `slipway ${alias}`).join(", ")}\n` : "";
  const examples = command.examples ? `\nExamples:\n${command.examples.map((line) => `  ${line}`).join("\n")}\n` : "";
  const own = command.flags.length > 0 ? `\nFlags:\n${flagLines(command.flags)}\n` : "";
  return `${command.about}

Usage: slipway ${command.name}${command.usage ? ` ${command.usage}` : ""} [FLAGS]
${aliases}${examples}${own}
Flags of every command:
${flagLines(globalFlags)}
`;
}

function flagLines(flags: readonly Flag[]): string {
  const heads = flags.map((flag) => {
    const short = flag.short ? `-${flag.short}, ` : "    ";
    return `${short}--${flag.name}${flag.type === "boolean" ? "" : ` ${flag.placeholder ?? flag.type.toUpperCase()}`}`;
  });
  const width = Math.min(34, Math.max(...heads.map((head) => head.length)));
  return flags
    .map((flag, index) => {
      const head = heads[index] ?? "";
      const gap = head.length > width ? `\n${" ".repeat(width + 4)}` : " ".repeat(width - head.length + 2);
      return `  ${head}${gap}${flag.description}`;
    })
    .join("\n");
}
