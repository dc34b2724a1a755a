import { appendFileSync } from "node:fs";
import { error, notice, setOutput, warning } from "@actions/core";
import type { Annotation } from "../report/annotation.ts";
import { neutralLog } from "../report/neutral-log.ts";
import type { ActionLog } from "./action-log.ts";
import { outputNames } from "./output-table.ts";
import type { Telling } from "./way.ts";

/** Tells how it ended wherever GitHub shows it. All of it is written before this returns: the process may end then. */
export function publish(told: Telling, log: ActionLog, env: NodeJS.ProcessEnv): void {
  if (told.outputs) for (const name of outputNames) setOutput(name, told.outputs[name] ?? "");
  writeSummary(told.summary, log, env);
  for (const { title, lines } of told.groups ?? []) log.group(title, lines);
  for (const line of told.lines) log.tell(line);
  for (const annotation of told.annotations ?? (told.annotation ? [told.annotation] : [])) annotate(annotation);
}

const commands = { error, warning, notice };

function annotate({ title, message, level = "error", place }: Annotation): void {
  const { file, line, column } = place ?? {};
  commands[level](neutralLog(message), {
    title: neutralLog(title),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { startLine: line }),
    ...(column !== undefined && { startColumn: column }),
  });
}

function writeSummary(summary: string, log: ActionLog, env: NodeJS.ProcessEnv): void {
  const path = env["GITHUB_STEP_SUMMARY"];
  if (!path) return;
  try {
    appendFileSync(path, summary);
  } catch (cause) {
    // What was deployed stays deployed: a page that can't be written is no failure.
    log.tell(`The job summary can't be written: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
