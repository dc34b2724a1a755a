import { endGroup, startGroup } from "@actions/core";
import type { DeployEvent } from "../deploy/events.ts";
import { neutralLog } from "../report/neutral-log.ts";
import { ansiPaint, noPaint } from "../report/paint.ts";
import { oneLine, plainText } from "../report/plain-text.ts";
import { type TerminalReport, terminalReport } from "../report/terminal.ts";
import type { Redact } from "./masking.ts";

export type ActionLog = {
  emit(event: DeployEvent): void;
  /** Lines in a group that folds. */
  group(title: string, lines: readonly string[]): void;
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

  function openGroup(title: string): void {
    close();
    startGroup(neutralLog(redact(oneLine(title))));
    isOpen = true;
  }

  function group(title: string, lines: readonly string[]): void {
    openGroup(title);
    for (const line of lines) write(`${plainText(line)}\n`);
    close();
  }

  function emit(event: DeployEvent): void {
    if (event.type === "phase") {
      openGroup(event.message);
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

  return { emit, group, tell, close };
}
