import type { ContainerEvidence, Failure } from "../rollout/types.ts";
import { fenced, markdownCode, markdownText } from "./markdown.ts";

const maxFailures = 3;
const maxContainers = 2;
const maxEvents = 5;
const maxLogLines = 15;
const maxLineLength = 300;

/** What was found out about failures: states, last log lines and events, as Markdown. What is `told` is not repeated. */
export function evidence(failures: readonly Failure[], told?: string): string {
  const shown = failures.slice(0, maxFailures).map((failure) => failureMarkdown(failure, told));
  const more = failures.length > maxFailures ? [`… and ${failures.length - maxFailures} more failed objects`] : [];
  return [...shown, ...more].join("\n\n");
}

function failureMarkdown({ summary, containers, events, unread }: Failure, told: string | undefined): string {
  const observed = events.slice(-maxEvents).map(({ type, reason, object, message, count }) => {
    const times = count > 1 ? ` (${count} times)` : "";
    return `- ${markdownText(type)} ${markdownCode(reason)} ${markdownText(object)}: ${markdownText(message)}${times}`;
  });
  return [
    ...(summary === told ? [] : [`**${markdownText(summary, 1000)}**`]),
    ...containers.slice(0, maxContainers).map(containerMarkdown),
    ...(observed.length > 0 ? [observed.join("\n")] : []),
    ...unread.slice(0, 3).map((text) => markdownText(text)),
  ].join("\n\n");
}

function containerMarkdown({ pod, container, reason, exitCode, restarts, logs }: ContainerEvidence): string {
  const exit = exitCode === undefined ? "" : `, exit code ${exitCode}`;
  const again = restarts > 0 ? `, ${restarts} restarts` : "";
  const head = `${markdownCode(pod)}, container ${markdownCode(container)}: ${markdownText(reason)}${exit}${again}`;
  if (logs.length === 0) return head;
  return `${head}\n\n${fenced(logs.slice(-maxLogLines).map((line) => line.slice(0, maxLineLength)))}`;
}
