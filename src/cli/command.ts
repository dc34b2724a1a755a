import type { CiRun } from "./ci/ci-run.ts";
import type { Flag, FlagValues } from "./flags.ts";

/** Where a command writes, and what it knows of the world around it; tests pass their own. */
export type Terminal = {
  out: { write(text: string): void; columns?: number | undefined };
  err: { write(text: string): void };
  env: Readonly<Record<string, string | undefined>>;
  isTty: boolean;
  /** What `--color` says; `auto` where it is absent. */
  color?: string;
  /** Aborts at Ctrl-C. */
  signal: AbortSignal;
  /** From here on the text is taken out of what the command tells. */
  keepSecret?: (secret: string) => void;
  /** Takes the texts kept so far out of one. */
  redact?: (text: string) => string;
  /** Where the run is a CI's: parts of the log that fold, and where else it is told how it ended. */
  ci?: CiRun;
};

export type Invocation = { positionals: string[]; flags: FlagValues; terminal: Terminal };

/** 0 done, 1 failed, 2 «there are changes». */
export type ExitCode = 0 | 1 | 2;

export type Command = {
  name: string;
  aliases?: readonly string[];
  /** One line for the list of commands. */
  summary: string;
  /** Behind `slipway NAME`. */
  usage: string;
  /** How many positionals it takes, at least and at most. */
  takes: readonly [number, number];
  about: string;
  examples?: readonly string[];
  flags: readonly Flag[];
  /** Loaded when it runs, so that no command pays for another. */
  load(): Promise<(invocation: Invocation) => Promise<ExitCode>>;
};
