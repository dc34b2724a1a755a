import { SlipwayError } from "../base/error.ts";
import { nearestName } from "../base/nearest-name.ts";
import { createRedactor } from "../base/redact.ts";
import type { CiRun } from "./ci/ci-run.ts";
import { ciForm, detectCi } from "./ci/form.ts";
import type { Command, ExitCode, Terminal } from "./command.ts";
import { commands } from "./commands.ts";
import { errorText } from "./error-text.ts";
import { type FlagValues, globalFlags } from "./flags.ts";
import { commandHelp, overview } from "./help.ts";
import { leftOutFlag } from "./left-out-flags.ts";
import { parseFlags } from "./parse-flags.ts";
import { flagReader, optional } from "./read-flags.ts";
import { paintFor } from "./telling.ts";
import { version } from "./version.ts";

/** Runs one command line. Every failure is caught and told here, and nowhere else. */
export async function run(words: readonly string[], given: Terminal): Promise<ExitCode> {
  const terminal = { ...given, ...optional("color", valueIn(words, /^--colou?r(=|$)/)) };
  const safe = withoutSecrets(terminal);
  const ci = await startCi(words, safe);
  const told = ci ? inCi(safe, ci) : safe;
  try {
    const code = await dispatch(words, told, { safe, plain: terminal });
    await ci?.publish(safe);
    return code;
  } catch (error) {
    told.err.write(errorText(error, paintFor(terminal), words.includes("--debug")));
    ci?.fail(error);
    await ci?.publish(safe).catch((cause) => told.err.write(errorText(cause, paintFor(terminal), false)));
    return 1;
  }
}

/** Loaded only where there is somebody to tell. */
async function startCi(words: readonly string[], { env, out }: Terminal): Promise<CiRun | undefined> {
  const name = detectCi(env, valueIn(words, /^--ci(=|$)/));
  const codeQuality = valueIn(words, /^--code-quality(=|$)/);
  if (name === undefined && codeQuality === undefined) return undefined;
  const { ciRun } = await import("./ci/ci-run.ts");
  return ciRun({ form: name && (await ciForm(name)), command: words[0] ?? "", codeQuality, out });
}

/** What others wrote must not be taken for commands of the CI; what is meant for a program stays as it is. */
function inCi(terminal: Terminal, ci: CiRun): Terminal {
  const { out, err } = terminal;
  return {
    ...terminal,
    ci,
    out: { ...out, write: (text) => out.write(ci.neutral(text)) },
    err: { write: (text) => err.write(ci.neutral(text)) },
  };
}

// Before the words are parsed: what is wrong with them is told in colours, too, or without.
function valueIn(words: readonly string[], flag: RegExp): string | undefined {
  const at = words.findLastIndex((word) => flag.test(word));
  return /=(.*)/.exec(words[at] ?? "")?.[1] ?? (at < 0 ? undefined : words[at + 1]);
}

/** A terminal that secrets don't reach; on a runner it is told of each, so that no later step shows it either. */
function withoutSecrets(terminal: Terminal): Terminal {
  const redactor = createRedactor();
  const { out, err, env } = terminal;
  return {
    ...terminal,
    out: { write: (text) => out.write(redactor.redact(text)), ...(out.columns && { columns: out.columns }) },
    err: { write: (text) => err.write(redactor.redact(text)) },
    redact: redactor.redact,
    keepSecret(secret) {
      redactor.add(secret);
      if (env["GITHUB_ACTIONS"] !== "true") return;
      for (const line of secret.split(/\r?\n/)) if (line.trim() !== "") err.write(`::add-mask::${line.trim()}\n`);
    },
  };
}

const isData = /^(get|show( .*)?|values|rbac)$/;

/** `safe` is free of secrets, and as it is for other programs; `plain` is whole. */
type Others = { safe: Terminal; plain: Terminal };

async function dispatch(words: readonly string[], terminal: Terminal, { safe, plain }: Others): Promise<ExitCode> {
  const [name] = words;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    terminal.out.write(words[1] ? helpOn(words.slice(1)) : overview(commands));
    return 0;
  }
  if (name === "version" || name === "--version") {
    terminal.out.write(`slipway ${version}\n`);
    return 0;
  }
  const { command, rest } = findCommand(words);
  if (command === undefined) {
    terminal.out.write(overview(commandsUnder(name)));
    return 0;
  }
  const whyLeftOut = (flag: string) => leftOutFlag(command.name, flag)?.why;
  const { positionals, flags } = parseFlags(rest, [...command.flags, ...globalFlags], whyLeftOut);
  if (flags.get("help") === true) {
    terminal.out.write(commandHelp(command));
    return 0;
  }
  checkCount(command, positionals);
  const execute = await command.load();
  // What is printed as a manifest goes on to another program, which needs it whole.
  const isForProgram = isData.test(command.name) || /^(json|yaml)$/.test(String(flags.get("output") ?? ""));
  const forReader = isForProgram ? safe.out : terminal.out;
  const out = command.name === "template" ? plain.out : forReader;
  return await execute({ positionals, flags, terminal: { ...terminal, out, env: homeFromFlags(flags, terminal.env) } });
}

/** Of Helm's own folders the flags say the same as these variables. */
function homeFromFlags(flags: FlagValues, env: Terminal["env"]): Terminal["env"] {
  const read = flagReader(flags);
  return {
    ...env,
    ...optional("HELM_REGISTRY_CONFIG", read.string("registry-config")),
    ...optional("HELM_REPOSITORY_CONFIG", read.string("repository-config")),
    ...optional("HELM_REPOSITORY_CACHE", read.string("repository-cache")),
  };
}

type Found = { command: Command | undefined; rest: readonly string[] };

/** A command's name is one word or two; no command is found where the first of two stands alone, or before --help. */
function findCommand(words: readonly string[]): Found {
  const [first = "", second = ""] = words;
  const named = (name: string) => commands.find((command) => command.name === name || command.aliases?.includes(name));
  const pair = named(`${first} ${second}`);
  if (pair !== undefined) return { command: pair, rest: words.slice(2) };
  const single = named(first);
  if (single !== undefined) return { command: single, rest: words.slice(1) };
  const isGroup = commandsUnder(first).length > 0;
  if (isGroup && (second === "" || second === "--help" || second === "-h")) return { command: undefined, rest: [] };
  throw unknownCommand(isGroup ? `${first} ${second}` : first);
}

function commandsUnder(group: string): Command[] {
  return commands.filter(({ name, aliases = [] }) => [name, ...aliases].some((text) => text.startsWith(`${group} `)));
}

function helpOn(words: readonly string[]): string {
  const { command } = findCommand(words);
  return command === undefined ? overview(commandsUnder(words[0] ?? "")) : commandHelp(command);
}

function unknownCommand(name: string): SlipwayError {
  const nearest = nearestName(
    name,
    commands.flatMap((command) => [command.name, ...(command.aliases ?? [])]),
  );
  return new SlipwayError("INPUT_UNKNOWN", `There is no command "${name}"`, {
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
