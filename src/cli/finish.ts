import { writeYamlPlain } from "../base/yaml/write.ts";
import type { DeployResult } from "../deploy/result.ts";
import type { Paint } from "../report/paint.ts";
import { oneLine } from "../report/plain-text.ts";
import type { ExitCode, Terminal } from "./command.ts";

/** The result as data: names and actions, never the objects themselves, which may hold secrets. */
export function resultData(result: DeployResult) {
  const { changes, failures, ...rest } = result;
  return {
    ...rest,
    changes: changes.map(({ action, ref }) => ({ action, ...ref })),
    failures: failures.map(({ ref, summary, health, containers }) => ({ ...ref, summary, health, containers })),
  };
}

type Finish = { terminal: Terminal; paint: Paint; form: string | undefined; done: string; hideNotes?: boolean };

/** Tells how it ended: the cause first, on the standard error, then what became of the release. */
export function finish(result: DeployResult, { terminal, paint, form, done, hideNotes }: Finish): ExitCode {
  terminal.ci?.end({ kind: "result", result }, result.changes, result.namespace);
  if (form === "json") terminal.out.write(`${JSON.stringify(resultData(result), undefined, 2)}\n`);
  if (form === "yaml") terminal.out.write(writeYamlPlain(resultData(result)));
  if (result.cause === undefined) {
    if (form === undefined || form === "table")
      terminal.out.write(`${paint("green", done)}\n${notesText(result, hideNotes)}`);
    return 0;
  }
  terminal.err.write(`${paint("red", "Error:")} ${oneLine(result.cause, 2000)}\n${outcomeText(result)}\n`);
  return 1;
}

function notesText({ notes }: DeployResult, isHidden = false): string {
  return notes && !isHidden ? `\nNOTES:\n${notes}\n` : "";
}

/** What became of the release after a failure, and what to do. */
export function outcomeText(result: DeployResult): string {
  const { release, revision, previousRevision, namespace } = result;
  if (result.rollbackCause !== undefined) {
    return `Release ${release} could NOT be taken back: ${oneLine(result.rollbackCause, 2000)}
Look at it with: slipway status ${release} -n ${namespace}`;
  }
  if (result.rolledBack && result.status === "uninstalled")
    return `The first install of ${release} was taken back; nothing of it is left.`;
  if (result.rolledBack)
    return `Release ${release} was rolled back to revision ${previousRevision}, recorded as revision ${revision}. What was deployed before runs.`;
  const next =
    previousRevision === undefined
      ? `slipway uninstall ${release} -n ${namespace}`
      : `slipway rollback ${release} ${previousRevision} -n ${namespace}`;
  return `Revision ${revision} of ${release} is recorded as failed and was left as it is. To take it back: ${next}`;
}
