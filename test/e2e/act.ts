import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { partPath } from "../parts.ts";

/** A checkout in which workflows run as on GitHub, without containers, and the action as it would be fetched. */
export type ActWorld = { folder: string; repository: string; action: string };

export type ActRun = {
  event: string;
  /** Below the repository. */
  workflow: string;
  payload?: unknown;
  secrets?: Record<string, string>;
  /** For every step. */
  env?: Record<string, string>;
  /** Folders that stand for actions, by what a workflow names: `actions/upload-artifact@v7`. */
  actions?: Record<string, string>;
};

/** `dist` is the folder with the bundled action. */
export function makeWorld(folder: string, dist: string): ActWorld {
  const [repository, action] = [join(folder, "repository"), join(folder, "action")];
  mkdirSync(join(action, "dist"), { recursive: true });
  cpSync("action.yml", join(action, "action.yml"));
  cpSync(".github", join(action, ".github"), { recursive: true });
  cpSync(join(dist, "action.js"), join(action, "dist/action.js"));
  mkdirSync(join(repository, ".github/workflows"), { recursive: true });
  return { folder, repository, action };
}

/** What lies in the repository now becomes its one commit, as `o/r` on GitHub; gives its name. */
export function commitAll({ repository }: ActWorld): string {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args], {
      cwd: repository,
      encoding: "utf8",
    });
  git("init", "-q", "-b", "main");
  git("remote", "add", "origin", "https://github.com/o/r.git");
  git("add", "-A");
  git("commit", "-q", "-m", "Deploy the shop");
  return git("rev-parse", "HEAD").trim();
}

/** Runs a workflow file as it stands; its log and exit code. */
export function runAct({ folder, repository }: ActWorld, run: ActRun): Promise<{ code: number | null; log: string }> {
  const { event, workflow, payload = {}, secrets = {}, env = {}, actions = {} } = run;
  const own = mkdtempSync(join(folder, "run-"));
  const eventPath = join(own, "event.json");
  writeFileSync(eventPath, JSON.stringify(payload));
  const args = [event, "-W", workflow, "-e", eventPath, "--no-cache-server"];
  for (const machine of ["ubuntu-latest", "ubuntu-24.04"]) args.push("-P", `${machine}=-self-hosted`);
  for (const name of Object.keys(secrets)) args.push("--secret", name);
  for (const [name, value] of Object.entries(env)) args.push("--env", `${name}=${value}`);
  for (const [name, path] of Object.entries(actions)) args.push("--local-repository", `${name}=${path}`);
  const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const child = spawn(partPath("act"), args, {
    cwd: repository,
    env: { PATH: path, HOME: own, NO_COLOR: "1", ...secrets },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 150_000,
    killSignal: "SIGKILL",
  });
  return new Promise((resolve, reject) => {
    let log = "";
    child.stdout.on("data", (chunk) => (log += chunk));
    child.stderr.on("data", (chunk) => (log += chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, log }));
  });
}
