import type { ContainerEvidence, Failure } from "../rollout/types.ts";
import type { Paint } from "./paint.ts";
import { oneLine, plainText } from "./plain-text.ts";

const maxLogLines = 10;
const maxEvents = 5;

/** What was found out about a failure, below the line that sums it up; that line is left out where `told` says it. */
export function failureLines(failure: Failure, paint: Paint, told = ""): string[] {
  const containers = failure.containers.slice(0, 3).flatMap((container) => containerLines(container, paint));
  const events = failure.events.slice(-maxEvents).map((event) => {
    const times = event.count > 1 ? ` (${event.count} times)` : "";
    return paint(
      "gray",
      `    ${oneLine(`${event.type} ${event.reason} ${event.object}`)}: ${oneLine(event.message)}${times}`,
    );
  });
  return [
    ...(failure.summary === told ? [] : [paint("bold", `  ${oneLine(failure.summary)}`)]),
    ...containers,
    ...(events.length > 0 ? [paint("gray", "    Events:"), ...events.map((line) => `  ${line}`)] : []),
  ];
}

function containerLines(found: ContainerEvidence, paint: Paint): string[] {
  const restarts = found.restarts > 0 ? `, ${found.restarts} restarts` : "";
  const exit = found.exitCode === undefined ? "" : `, exit code ${found.exitCode}`;
  const logs = found.logs.slice(-maxLogLines).map((line) => `      ${paint("gray", "|")} ${plainText(line)}`);
  return [
    `    ${oneLine(found.pod)}, container ${oneLine(found.container)}: ${oneLine(found.reason)}${exit}${restarts}`,
    ...logs,
  ];
}
