import type { DeployEvent } from "../deploy/events.ts";
import { oneLine } from "../report/plain-text.ts";
import type { Terminal } from "./command.ts";

/** For commands that only read: of all events, warnings go to the standard error. */
export function warningsOnly(terminal: Terminal): (event: DeployEvent) => void {
  return (event) => {
    if (event.type === "warning") terminal.err.write(`Warning: ${oneLine(event.message, 2000)}\n`);
  };
}
