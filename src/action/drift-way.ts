import { redactAll } from "../base/redact.ts";
import { openDriver } from "../cli/session.ts";
import { drift } from "../deploy/drift/drift.ts";
import { type DriftReport, hasDrift, hasFailed } from "../deploy/drift/types.ts";
import { driftMessage, driftSummary } from "../report/drift-markdown.ts";
import { releaseLines, remarkLine } from "../report/drift-text.ts";
import {
  countDrift,
  driftData,
  driftHeadline,
  leftOutLine,
  releaseTitle,
  toldReleases,
} from "../report/drift-words.ts";
import { markdownText } from "../report/markdown.ts";
import { noPaint } from "../report/paint.ts";
import { oneLine } from "../report/plain-text.ts";
import type { ErrorFacts } from "../report/story.ts";
import type { DriftInputs } from "./drift-inputs.ts";
import { keepIssues } from "./drift-issues.ts";
import type { Run, Telling, Way } from "./way.ts";

// An output may hold 1 MiB.
const maxOutputCharacters = 500_000;
const maxAnnotationLines = 15;

/** Of `command: drift`: it ends with a report on many releases. */
export const driftWay: Way = {
  async carryOut(_, given, { session }) {
    const inputs = given as DriftInputs;
    const { kube } = session;
    const terminal = { env: process.env };
    const driverOf = (namespace: string | undefined) =>
      openDriver({ cluster: { kube }, terminal: { ...terminal, signal: session.signal }, emit: () => {} }, namespace);
    const { releases, everywhere, correct, rules, dryRun, namespace } = inputs;
    const report = await drift(
      { ...session, driverOf },
      {
        ...(releases.length > 0 ? { releases } : {}),
        ...(everywhere ? {} : { namespace: namespace ?? kube.defaultNamespace }),
        correct: correct && !dryRun,
        rules,
      },
    );
    return (run) => tell(run, inputs, report);
  },
  fail: tellError,
};

function tell({ redact, env, namespace }: Run, inputs: DriftInputs, found: DriftReport): Telling {
  const report = redactAll(found, redact);
  const { failOnDrift, everywhere, issue } = inputs;
  const failed = hasFailed(report) || (failOnDrift && hasDrift(report));
  const headline = driftHeadline(report);
  const { found: told, others } = toldReleases(report);
  const remarks = others.length > 0 ? [{ title: "Remarks", lines: others.map((one) => remarkLine(one, noPaint)) }] : [];
  const left = leftOutLine(report.releases);
  const lines = driftMessage(report);
  const more = lines.length > maxAnnotationLines ? [`… and ${lines.length - maxAnnotationLines} more`] : [];
  const message = [...lines.slice(0, maxAnnotationLines), ...more].map((line) => oneLine(line, 2000)).join("\n");
  return {
    failed,
    outputs: {
      ...driftOutputs(report),
      cause: failed ? oneLine(headline, 2000) : "",
      namespace: everywhere ? "" : namespace,
    },
    summary: driftSummary(report, failed),
    groups: [
      ...told.map((release) => ({
        title: oneLine(releaseTitle(release)),
        lines: releaseLines(release, noPaint).slice(1),
      })),
      ...remarks,
    ],
    lines: [...(left ? [left] : []), oneLine(`${failed ? "✗" : hasDrift(report) ? "⚠" : "✓"} ${headline}`, 2000)],
    ...(lines.length > 0
      ? { annotation: { title: oneLine(headline, 200), message, level: failed ? "error" : "warning" } }
      : {}),
    ...(issue ? { elsewhere: () => keepIssues(report, inputs, env) } : {}),
  };
}

function driftOutputs(report: DriftReport) {
  const { correctedObjects, drifted, failed } = countDrift(report);
  const data = driftData(report);
  const whole = JSON.stringify(data);
  return {
    status: failed > 0 ? "error" : drifted > 0 ? "drifted" : correctedObjects > 0 ? "corrected" : "clean",
    changed: String(correctedObjects > 0),
    drifted: String(drifted > 0),
    corrected: String(correctedObjects),
    drift: whole.length > maxOutputCharacters ? JSON.stringify({ ...data, found: [], isCut: true }) : whole,
  };
}

function tellError({ redact, namespace }: Run, error: ErrorFacts): Telling {
  const { message, hint, detail } = redactAll(error, redact);
  const title = "Drift was not checked";
  const rest = [...(detail ?? "").split("\n").slice(0, 60), hint ?? ""].filter((line) => line !== "");
  return {
    failed: true,
    outputs: { status: "error", changed: "false", cause: message, namespace },
    summary: `### ❌ ${title}: ${markdownText(message, 1000)}\n\n${rest.map((line) => markdownText(line, 2000)).join("\n\n")}\n\n`,
    lines: [...rest.map((line) => `  ${oneLine(line, 2000)}`), oneLine(`✗ ${title}: ${message}`, 2000)],
    annotation: { title, message: [message, ...(hint ? [hint] : [])].map((line) => oneLine(line, 2000)).join("\n") },
  };
}
