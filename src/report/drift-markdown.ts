import type { DriftReport, ReleaseDrift } from "../deploy/drift/types.ts";
import type { FieldDrift, ObjectDrift } from "../plan/drift/types.ts";
import {
  driftHeadline,
  fieldValues,
  fieldWriter,
  isStillDrifted,
  leftOutLine,
  many,
  objectName,
  objectState,
  releaseTitle,
  remark,
  toldReleases,
} from "./drift-words.ts";
import { markdownCode, markdownText, table } from "./markdown.ts";

// GitHub refuses longer issues, and drops longer summaries.
const maxCharacters = 60_000;
const maxRows = 200;
const maxRowCharacters = 45_000;
const restInLog = "The rest is too long for this page: see the log.";

/** The job summary: how many releases drifted, then a section for each with what differs, who changed it and when. */
export function driftSummary(report: DriftReport, failed: boolean): string {
  return within(sectionsOf(report, failed), maxCharacters);
}

function* sectionsOf(report: DriftReport, failed: boolean): Generator<string> {
  const { releases } = report;
  const mark = failed ? "❌" : releases.some(isStillDrifted) ? "⚠️" : "✅";
  yield `### ${mark} ${markdownText(driftHeadline(report), 1000)}`;
  const { found, others } = toldReleases(report);
  for (const release of found) yield `#### ${markdownText(releaseTitle(release))}\n\n${releaseBody(release)}`;
  if (others.length > 0) yield others.slice(0, maxRows).map(remarkItem).join("\n");
  const left = leftOutLine(releases);
  if (left) yield markdownText(left);
}

function remarkItem(release: ReleaseDrift): string {
  return `- ⚠️ ${markdownText(`${releaseTitle(release)}: ${remark(release)}`, 2000)}`;
}

/** A release's issue: what differs, for as long as it does. */
export function driftIssue(release: ReleaseDrift, runUrl: string): { title: string; text: string } {
  const { release: name, namespace, revision, objects } = release;
  const count = objects.filter(({ outcome }) => outcome !== "corrected").length;
  const head = `${many(count, "object")} of release ${markdownCode(name)} in namespace ${markdownCode(namespace)} ${count === 1 ? "is" : "are"} not as revision ${revision ?? "?"} was deployed.`;
  const foot = `Deploying the release again, or \`command: drift\` with \`drift-mode: correct\`, sets this back. This issue is written by Slipway, and closed when nothing differs any more ([last run](${runUrl})).`;
  const body = within([head, releaseBody(release)], maxCharacters - foot.length);
  return { title: titleOf(release), text: `${body}${foot}\n` };
}

/** What the issue says once nothing differs any more. */
export function driftGone(release: ReleaseDrift, runUrl: string): { title: string; text: string } {
  const { release: name, namespace, revision } = release;
  const which = `Release ${markdownCode(name)} in namespace ${markdownCode(namespace)}`;
  const text = `${which} is as revision ${revision ?? "?"} was deployed again ([run](${runUrl})).\n`;
  return { title: titleOf(release), text };
}

function titleOf({ release, namespace }: ReleaseDrift): string {
  return `Drift of ${release} in namespace ${namespace}`;
}

function releaseBody({ error, reason, warnings, objects }: ReleaseDrift): string {
  const facts = [
    ...(error
      ? [`❌ ${markdownText(error.message, 2000)}${error.hint ? ` ${markdownText(error.hint, 2000)}` : ""}`]
      : []),
    ...(reason ? [`⚠️ Skipped: ${markdownText(reason, 2000)}`] : []),
    ...warnings.slice(0, maxRows).map((warning) => `⚠️ ${markdownText(warning, 2000)}`),
  ].map((line) => `- ${line}`);
  const rows = boundedRows(objects);
  const all = objects.reduce((sum, { fields }) => sum + Math.max(1, fields.length), 0);
  const more = all > rows.length ? `\n\n… and ${all - rows.length} more` : "";
  const shown = `${table(["Object", "Field", "Recorded", "Live", "Changed by"], rows)}${more}`;
  return [...(facts.length > 0 ? [facts.join("\n")] : []), ...(rows.length > 0 ? [shown] : [])].join("\n\n");
}

/** As many as a page has room for; none is made that has not. */
function boundedRows(objects: readonly ObjectDrift[]): string[][] {
  const rows: string[][] = [];
  let characters = 0;
  for (const object of objects) {
    for (const row of objectRows(object)) {
      characters += row.join(" | ").length + 4;
      if (rows.length >= maxRows || characters > maxRowCharacters) return rows;
      rows.push(row);
    }
  }
  return rows;
}

function* objectRows(object: ObjectDrift): Generator<string[]> {
  const state = objectState(object);
  const name = `${markdownCode(objectName(object))}${state ? `<br>${markdownText(state, 1000)}` : ""}`;
  if (object.fields.length === 0) yield [name, "", "", "", ""];
  for (const field of object.fields) {
    yield [name, markdownCode(field.path), value(field.recorded), value(field.live), who(field)];
  }
}

function value(text: string | undefined): string {
  return text === undefined ? "nothing" : markdownCode(text);
}

function who(field: FieldDrift): string {
  return markdownText(fieldWriter(field));
}

/** One line for each object that differs, for an annotation. */
export function driftMessage(report: DriftReport): string[] {
  return report.releases.flatMap((release) => {
    const { namespace, release: name, objects, error } = release;
    const place = `${namespace}/${name}`;
    const failed = error ? [`${place}: ${error.message}`] : [];
    const differing = objects
      .filter(({ outcome }) => outcome !== "corrected")
      .map((object) => {
        const [first, ...others] = object.fields;
        const what = first
          ? `${first.path}: ${fieldValues(first)}${others.length > 0 ? ", …" : ""}`
          : objectState(object);
        return `${place}: ${objectName(object)} ${what}`;
      });
    return [...failed, ...differing];
  });
}

function within(sections: Iterable<string>, limit: number): string {
  let text = "";
  for (const section of sections) {
    if (text.length + section.length + restInLog.length + 4 > limit) return `${text}${restInLog}\n\n`;
    text += `${section}\n\n`;
  }
  return text;
}
