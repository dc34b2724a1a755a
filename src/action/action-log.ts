import { endGroup, startGroup } from "@actions/core";
import type { DeployEvent } from "../deploy/events.ts";
import { neutralLog } from "../report/neutral-log.ts";
import { ansiPaint, noPaint } from "../report/paint.ts";
import { oneLine } from "../report/plain-text.ts";
import { type TerminalReport, terminalReport } from "../report/terminal.ts";
import type { Redact } from "./masking.ts";

export type ActionLog = {
  emit(event: DeployEvent): void;
  /** A line outside of every group. */
  tell(line: string): void;
  close(): void;
};

/** Events as the step's log: each phase a group that folds, failures outside of any, nothing taken for a command. */
export function actionLog(redact: Redact, env: NodeJS.ProcessEnv): ActionLog {
  const paint = env["NO_COLOR"] ? noPaint : ansiPaint;
  const write = (text: string) => process.stdout.write(neutralLog(redact(text)));
  let report: TerminalReport | undefined;
  let isOpen = false;

  function close(): void {
    report?.close();
    report = undefined;
    if (isOpen) endGroup();
    isOpen = false;
  }

  function emit(event: DeployEvent): void {
    if (event.type === "phase") {
      close();
      startGroup(neutralLog(redact(oneLine(event.message))));
      isOpen = true;
      return;
    }
    if (event.type === "failed") close();
    report ??= terminalReport({ write }, paint);
    report.emit(event);
  }

  function tell(line: string): void {
    close();
    write(`${line}\n`);
  }

  return { emit, tell, close };
}
