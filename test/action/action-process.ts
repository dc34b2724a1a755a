import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Finished = {
  code: number | null;
  /** As the runner reads it: commands and log lines. */
  stdout: string;
  stderr: string;
  outputs: Record<string, string>;
  /** What the runner would hand to `post`. */
  state: Record<string, string>;
  summary: string;
  /** Variables and paths that it set for the steps after it. */
  forLaterSteps: string;
};

export type Running = {
  child: ChildProcess;
  /** Resolves as soon as the text is in the log; fails where the action ends before. */
  saw(text: string | RegExp): Promise<void>;
  finished: Promise<Finished>;
};

type Options = {
  bundle: string;
  inputs: Record<string, string>;
  /** State of `main`, for a run as `post`. */
  state?: Record<string, string>;
  cwd?: string;
  /** What else the runner tells of the workflow. */
  workflow?: Record<string, string>;
};

/** Starts the bundled action as a runner does: inputs and state in the environment, results through files. */
export function startAction({ bundle, inputs, state = {}, cwd = process.cwd(), workflow = {} }: Options): Running {
  const folder = mkdtempSync(join(tmpdir(), "slipway-runner-"));
  const home = join(folder, "home");
  mkdirSync(home);
  const files = {
    GITHUB_OUTPUT: "output",
    GITHUB_STATE: "state",
    GITHUB_STEP_SUMMARY: "summary",
    GITHUB_ENV: "env",
    GITHUB_PATH: "path",
  };
  const paths = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(folder, file)]));
  for (const path of Object.values(paths)) writeFileSync(path, "");
  const env = {
    PATH: process.env["PATH"],
    HOME: home,
    NO_COLOR: "1",
    ...workflow,
    ...paths,
    ...prefixed(state, "STATE_", (name) => name),
    ...prefixed(inputs, "INPUT_", (name) => name.replace(/ /g, "_").toUpperCase()),
  };
  const child = spawn(process.execPath, [bundle], { env, cwd, stdio: ["ignore", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  const watchers = new Set<() => void>();
  child.stdout.on("data", (chunk) => {
    text.stdout += chunk;
    for (const watch of watchers) watch();
  });
  child.stderr.on("data", (chunk) => {
    text.stderr += chunk;
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      const read = (name: string) => readFileSync(paths[name] ?? "", "utf8");
      const outputs = readPairs(read("GITHUB_OUTPUT"));
      resolve({
        code,
        ...text,
        outputs,
        state: readPairs(read("GITHUB_STATE")),
        summary: read("GITHUB_STEP_SUMMARY"),
        forLaterSteps: read("GITHUB_ENV") + read("GITHUB_PATH"),
      });
      for (const watch of watchers) watch();
    });
  });
  const saw = (wanted: string | RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (typeof wanted === "string" ? text.stdout.includes(wanted) : wanted.test(text.stdout)) resolve();
        else if (child.exitCode !== null || child.signalCode !== null)
          reject(new Error(`never said ${wanted}:\n${text.stdout}${text.stderr}`));
      };
      watchers.add(look);
      look();
    });
  return { child, saw, finished };
}

/** Runs it to its end. */
export function runAction(options: Options): Promise<Finished> {
  return startAction(options).finished;
}

function prefixed(values: Record<string, string>, prefix: string, variable: (name: string) => string) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${variable(name)}`, value]));
}

// NAME<<DELIMITER, the value's lines, DELIMITER; of several with one name the last counts.
function readPairs(text: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  const lines = text.split("\n");
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const [name, delimiter] = line.split("<<");
    if (name === undefined || delimiter === undefined) continue;
    pairs[name] = lines.splice(0, lines.indexOf(delimiter)).join("\n");
  }
  return pairs;
}
