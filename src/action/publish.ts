import { appendFileSync } from "node:fs";
import { error as annotateError, notice, setOutput } from "@actions/core";
import { annotationOf } from "../report/annotation.ts";
import { neutralLog } from "../report/neutral-log.ts";
import { oneLine, plainText } from "../report/plain-text.ts";
import { headlineOf, type Story } from "../report/story.ts";
import { summaryMarkdown } from "../report/summary.ts";
import type { ActionLog } from "./action-log.ts";
import { outputsOf } from "./outputs.ts";

/** Tells how it ended wherever GitHub shows it. All of it is written before this returns: the process may end then. */
export function publish(story: Story, log: ActionLog, env: NodeJS.ProcessEnv): void {
  // Of what `post` does no later step can read.
  if (!story.finishing) for (const [name, value] of Object.entries(outputsOf(story))) setOutput(name, value);
  writeSummary(story, log, env);
  const outcome = story.ending;
  const notes = outcome.kind === "result" ? outcome.result.notes.trimEnd() : "";
  if (notes) log.group("Notes", notes.split("\n"));
  const { title, aftermath } = headlineOf(story);
  const annotation = annotationOf(story);
  for (const line of errorLines(story)) log.tell(line);
  log.tell(oneLine(`${annotation ? "✗" : "✓"} ${title}. ${aftermath}`, 2000));
  if (annotation === undefined) return;
  const annotate = story.finishing?.wasTold ? notice : annotateError;
  annotate(neutralLog(annotation.message), { title: annotation.title });
}

function errorLines({ ending }: Story): string[] {
  if (ending.kind !== "error") return [];
  const { hint, detail } = ending.error;
  return [...(detail ?? "").split("\n").slice(0, 60), hint ?? ""]
    .filter((line) => line !== "")
    .map((line) => `  ${plainText(line)}`);
}

function writeSummary(story: Story, log: ActionLog, env: NodeJS.ProcessEnv): void {
  const path = env["GITHUB_STEP_SUMMARY"];
  if (!path) return;
  try {
    appendFileSync(path, summaryMarkdown(story));
  } catch (error) {
    // What was deployed stays deployed: a page that can't be written is no failure.
    log.tell(`The job summary can't be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
