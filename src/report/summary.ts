import { describeRef } from "../kube/ref.ts";
import type { Change, PlannedHook } from "../plan/types.ts";
import type { HealthStatus } from "../rollout/types.ts";
import { countChanges, signs } from "./changes-text.ts";
import { diffLines, hookLines } from "./diff-text.ts";
import { evidence } from "./evidence-markdown.ts";
import { fenced, markdownCode, markdownText, table } from "./markdown.ts";
import type { ObservedObject } from "./observations.ts";
import { noPaint } from "./paint.ts";
import { type ErrorFacts, headlineOf, type Story } from "./story.ts";

// GitHub drops a summary above 1 MiB as a whole; what fits a comment too is enough to read.
const maxCharacters = 65_000;
const restInLog = "The rest is too long for this page: see the log.";
const maxRows = 100;
const maxDiffLines = 400;
const maxTextLines = 60;

/** The job summary: status and cause in the first line, then evidence, changes, rollout and notes. */
export function summaryMarkdown(story: Story): string {
  return withinLimit(sectionsOf(story), maxCharacters, restInLog);
}

/** The same in at most so many characters, the most important first; `rest` says where what is left out can be read. */
export function shortMarkdown(story: Story, limit: number, rest: string): string {
  return withinLimit(sectionsOf(story), limit, rest);
}

function sectionsOf(story: Story): string[] {
  return [
    head(story),
    ...failureSections(story),
    ...changeSections(story),
    ...rolloutSections(story),
    ...noteSections(story),
  ];
}

function head(story: Story): string {
  const { ok, title, cause, aftermath } = headlineOf(story);
  const why = cause === undefined ? "" : `: ${markdownText(cause, 1000)}`;
  const { finishing, changes } = story;
  const lead = finishing ? "The run before was cut off. " : "";
  const counts = changes.length > 0 ? ` ${capitalized(countChanges(changes))}.` : "";
  return `### ${ok ? "✅" : "❌"} ${markdownText(title)}${why}\n\n${lead}${markdownText(aftermath, 2000)}${counts}`;
}

function failureSections({ ending }: Story): string[] {
  if (ending.kind === "error") return errorSections(ending.error);
  if (ending.kind !== "result" || ending.result.failures.length === 0) return [];
  const { failures, cause } = ending.result;
  const found = evidence(failures, cause);
  return found === "" ? [] : [`#### Cause\n\n${found}`];
}

function errorSections({ code, where, hint, detail }: ErrorFacts): string[] {
  const facts = [
    ...(code ? [`Error ${markdownCode(code)}`] : []),
    ...(where ? [`at ${markdownCode(where)}`] : []),
  ].join(" ");
  const paragraphs = [facts, hint ? markdownText(hint, 2000) : ""].filter((text) => text !== "");
  const shown = detail ? [fenced(bounded(detail.split("\n"), maxTextLines))] : [];
  return [...paragraphs, ...shown];
}

function changeSections({ changes, ending }: Story): string[] {
  const told = changes.filter((change) => change.action !== "nothing");
  const hooks = ending.kind === "planned" ? (ending.hooks ?? []) : [];
  if (told.length + hooks.length === 0) return [];
  const rows = told.slice(0, maxRows).map((change) => {
    const { sign, word } = signs[change.action];
    const reason = change.reason ? ` (${markdownText(change.reason)})` : "";
    return [`${markdownText(sign)} ${word}${reason}`, markdownCode(describeRef(change.ref)), sourceOf(change)];
  });
  const runs = hooks.map(({ event, change }) => [
    `${markdownText(">")} ${markdownText(event)} hook`,
    markdownCode(describeRef(change.ref)),
    sourceOf(change),
  ]);
  const section = `#### Changes\n\n${table(["Action", "Object", "Template"], [...rows, ...runs.slice(0, maxRows)])}${moreThan(told.length)}`;
  return ending.kind === "planned" ? [section, ...diffSections(told, hooks)] : [section];
}

function sourceOf({ source }: Change): string {
  return source ? markdownCode(source) : "";
}

function diffSections(changes: readonly Change[], hooks: readonly PlannedHook[]): string[] {
  const lines: string[] = [];
  const news = hooks.filter(({ change }) => change.action !== "nothing");
  for (const told of [...changes, ...news]) {
    if (lines.length > maxDiffLines) break;
    // The sign has to be the first character for a line to be coloured.
    const [first = "", ...body] = "event" in told ? hookLines(told, noPaint) : diffLines(told, noPaint);
    lines.push(`@@ ${first} @@`, ...body.map((line) => line.replace(/^ {4}/, "").slice(0, 300)));
  }
  return lines.length === 0 ? [] : [details("Differences", fenced(bounded(lines, maxDiffLines), "diff"))];
}

function rolloutSections({ observed }: Story): string[] {
  const section = (title: string, objects: readonly ObservedObject[]) =>
    objects.length === 0 ? [] : [`#### ${title}\n\n${healthTable(objects)}`];
  return [...section("Rollout", observed.rollout), ...section("Rollback", observed.rollback)];
}

const marks: Record<HealthStatus, string> = {
  Current: "✅",
  Failed: "❌",
  InProgress: "⏳",
  Terminating: "⏳",
  NotFound: "❔",
  Unknown: "❔",
};

function healthTable(objects: readonly ObservedObject[]): string {
  const isBad = ({ health }: ObservedObject) => (health.status === "Current" ? 1 : 0);
  const sorted = [...objects].sort((a, b) => isBad(a) - isBad(b));
  const rows = sorted.slice(0, maxRows).map(({ ref, health, hook }) => {
    const status = health.status === "Current" ? "" : ` ${health.reason ?? health.status}:`;
    const kind = hook ? ` (${hook} hook)` : "";
    return [
      marks[health.status],
      `${markdownCode(describeRef(ref))}${kind}`,
      markdownText(`${status} ${health.message}`, 300),
    ];
  });
  return table(["", "Object", "State"], rows) + moreThan(objects.length);
}

function noteSections({ observed, ending }: Story): string[] {
  const notes = ending.kind === "planned" ? ending.notes : ending.kind === "result" ? ending.result.notes : "";
  const warnings = observed.warnings.map((warning) => `- ⚠️ ${markdownText(warning, 1000)}`);
  return [
    ...(warnings.length > 0 ? [bounded(warnings, maxTextLines).join("\n")] : []),
    ...(notes.trim() ? [details("Notes", fenced(bounded(notes.trimEnd().split("\n"), maxTextLines)))] : []),
  ];
}

function details(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

function bounded(lines: readonly string[], max: number): string[] {
  const clipped = lines.slice(0, max).map((line) => line.slice(0, 1000));
  return lines.length > max ? [...clipped, `… ${lines.length - max} more lines`] : clipped;
}

function moreThan(count: number): string {
  return count > maxRows ? `\n\n… and ${count - maxRows} more` : "";
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function withinLimit(sections: readonly string[], limit: number, rest: string): string {
  let text = "";
  let isWhole = true;
  for (const section of sections) {
    if (text.length + section.length + rest.length + 4 > limit) isWhole = false;
    else text += `${section}\n\n`;
  }
  return isWhole ? text : `${text}${rest}\n`;
}
