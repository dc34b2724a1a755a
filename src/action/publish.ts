import { appendFileSync } from "node:fs";
import { error as annotateError, notice, setOutput } from "@actions/core";
import { neutralLog } from "../report/neutral-log.ts";
import type { ActionLog } from "./action-log.ts";
import { outputNames } from "./outputs.ts";
import type { Telling } from "./way.ts";

/** Tells how it ended wherever GitHub shows it. All of it is written before this returns: the process may end then. */
export function publish(told: Telling, log: ActionLog, env: NodeJS.ProcessEnv): void {
  if (told.outputs) for (const name of outputNames) setOutput(name, told.outputs[name] ?? "");
  writeSummary(told.summary, log, env);
  for (const { title, lines } of told.groups ?? []) log.group(title, lines);
  for (const line of told.lines) log.tell(line);
  if (told.annotation === undefined) return;
  const { title, message, level } = told.annotation;
  const annotate = level === "notice" ? notice : annotateError;
  annotate(neutralLog(message), { title });
}

function writeSummary(summary: string, log: ActionLog, env: NodeJS.ProcessEnv): void {
  const path = env["GITHUB_STEP_SUMMARY"];
  if (!path) return;
  try {
    appendFileSync(path, summary);
  } catch (error) {
    // What was deployed stays deployed: a page that can't be written is no failure.
    log.tell(`The job summary can't be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
