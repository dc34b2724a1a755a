import type { DeployEvent } from "../deploy/events.ts";
import { ansiPaint, noPaint, type Paint } from "../report/paint.ts";
import { type TerminalReport, terminalReport } from "../report/terminal.ts";
import type { CiRun } from "./ci/ci-run.ts";
import type { Terminal } from "./command.ts";

export type Telling = { emit(event: DeployEvent): void; close(): void; paint: Paint };

export function paintFor(terminal: Terminal): Paint {
  return isColored(terminal) ? ansiPaint : noPaint;
}

function isColored({ env, isTty, color = "auto" }: Terminal): boolean {
  if (color !== "auto") return color === "always";
  if (env["FORCE_COLOR"]) return env["FORCE_COLOR"] !== "0";
  return isTty && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}

/** Events as lines on the standard output, unless that is taken by a result in another form. */
export function telling(terminal: Terminal, form: string | undefined): Telling {
  const paint = paintFor(terminal);
  const { isTty, out, ci } = terminal;
  if (form === "json" || form === "yaml") return { emit: (event) => ci?.see(event), close: () => {}, paint };
  const output = {
    write: (text: string) => out.write(text),
    ...(isTty && out.columns ? { columns: out.columns } : {}),
  };
  const report = terminalReport(output, paint);
  return ci === undefined ? { ...report, paint } : { ...folding(report, ci), paint };
}

/** Each phase is a part of the log that folds; why it failed stands outside of any. */
function folding(report: TerminalReport, ci: CiRun): TerminalReport {
  return {
    emit(event) {
      ci.see(event);
      if (event.type === "failed" || event.type === "phase") report.close();
      if (event.type === "failed") ci.close();
      if (event.type !== "phase" || !ci.open(event.message)) report.emit(event);
    },
    close() {
      report.close();
      ci.close();
    },
  };
}
