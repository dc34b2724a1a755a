import { SlipwayError } from "../base/error.ts";
import { nearestName } from "../base/nearest-name.ts";
import type { Command, ExitCode, Terminal } from "./command.ts";
import { commands } from "./commands.ts";
import { errorText } from "./error-text.ts";
import { globalFlags } from "./flags.ts";
import { commandHelp, overview } from "./help.ts";
import { parseFlags } from "./parse-flags.ts";
import { paintFor } from "./telling.ts";
import { version } from "./version.ts";

/** Runs one command line. Every failure is caught and told here, and nowhere else. */
export async function run(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    return await dispatch(words, terminal);
  } catch (error) {
    terminal.err.write(errorText(error, paintFor(terminal), words.includes("--debug")));
    return 1;
  }
}

async function dispatch(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = words;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    terminal.out.write(rest[0] ? commandHelp(findCommand(rest[0])) : overview(commands));
    return 0;
  }
  if (name === "version" || name === "--version") {
    terminal.out.write(`slipway ${version}\n`);
    return 0;
  }
  const command = findCommand(name);
  const { positionals, flags } = parseFlags(rest, [...command.flags, ...globalFlags]);
  if (flags.get("help") === true) {
    terminal.out.write(commandHelp(command));
    return 0;
  }
  checkCount(command, positionals);
  const execute = await command.load();
  return await execute({ positionals, flags, terminal });
}

function findCommand(name: string): Command {
  const found = commands.find((command) => command.name === name || command.aliases?.includes(name));
  if (found) return found;
  const nearest = nearestName(
    name,
    commands.flatMap((command) => [command.name, ...(command.aliases ?? [])]),
  );
  throw new SlipwayError("INPUT_UNKNOWN", `There is no command "${name}"`, {
    hint: nearest
      ? `Did you mean slipway ${nearest}? See slipway --help for all commands.`
      : "See slipway --help for all commands.",
  });
}

function checkCount({ name, usage, takes: [least, most] }: Command, positionals: readonly string[]): void {
  if (positionals.length >= least && positionals.length <= most) return;
  const what = positionals.length < least ? "needs more arguments" : `takes no "${positionals[most]}"`;
  throw new SlipwayError("INPUT_INVALID", `slipway ${name} ${what}`, { hint: `Write: slipway ${name} ${usage}` });
}
