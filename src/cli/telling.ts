import type { DeployEvent } from "../deploy/events.ts";
import { ansiPaint, noPaint, type Paint } from "../report/paint.ts";
import { terminalReport } from "../report/terminal.ts";
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
  if (form === "json" || form === "yaml") return { emit: () => {}, close: () => {}, paint };
  const { isTty, out } = terminal;
  const output = {
    write: (text: string) => out.write(text),
    ...(isTty && out.columns ? { columns: out.columns } : {}),
  };
  return { ...terminalReport(output, paint), paint };
}
