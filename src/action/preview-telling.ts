import { redactAll } from "../base/redact.ts";
import type { PreviewIdentity } from "../deploy/preview/identity.ts";
import { previewHash } from "../deploy/preview/identity.ts";
import type { DeployResult } from "../deploy/result.ts";
import { oneLine } from "../report/plain-text.ts";
import { type PreviewState, previewComment } from "../report/preview-comment.ts";
import { shownChange } from "../report/shown-change.ts";
import { type ErrorFacts, headlineOf, type Story } from "../report/story.ts";
import { withAddress } from "./address.ts";
import { writeComment } from "./comment.ts";
import type { DeploymentEnd } from "./github-deployment.ts";
import type { PreviewInputs } from "./preview-inputs.ts";
import { filesOf, telling } from "./release-way.ts";
import type { Run, Telling } from "./way.ts";

/** How a run for a preview ended. */
export type PreviewEnd =
  | { kind: "deployed"; result: DeployResult; url?: string; expires?: number }
  | { kind: "superseded"; why: string }
  | { kind: "closed" | "down" | "absent" | "kept" | "skipped" }
  | { kind: "error"; error: ErrorFacts; isDown: boolean };

export type PreviewFacts = { identity: PreviewIdentity; number: number; commit: string; runUrl?: string };

/** As each place tells it. Without facts, the pull request itself is told nothing. */
export function previewTelling(run: Run, end: PreviewEnd, facts?: PreviewFacts): Telling {
  if (end.kind === "deployed") return deployed(run, end, facts);
  if (end.kind === "error") return failed(run, end, facts);
  const line = quietLine(run, end);
  return {
    failed: false,
    outputs: { preview: end.kind, status: statuses[end.kind], namespace: run.namespace },
    summary: `### ${line}\n\n`,
    lines: [`✓ ${line}`],
    // Of one that was never there, a pull request hears nothing.
    elsewhere: () => tellElsewhere(run, facts, { state: run.deployment && states[end.kind], end: ends[end.kind] }),
  };
}

type Quiet = Exclude<PreviewEnd["kind"], "deployed" | "error">;

const statuses: Readonly<Record<Quiet, string>> = {
  superseded: "superseded",
  closed: "uninstalled",
  down: "uninstalled",
  absent: "uninstalled",
  kept: "superseded",
  skipped: "skipped",
};
/** What the comment says; another run, or none, writes it where it is absent. */
const states: Readonly<Record<Quiet, PreviewState | undefined>> = {
  superseded: undefined,
  closed: "down",
  down: "down",
  absent: undefined,
  kept: undefined,
  skipped: undefined,
};
const ends: Readonly<Record<Quiet, DeploymentEnd>> = {
  superseded: { state: "inactive", description: "A newer run has the preview" },
  closed: { state: "retired" },
  down: { state: "retired" },
  absent: { state: "retired" },
  kept: { state: "inactive" },
  skipped: { state: "inactive" },
};

function quietLine({ namespace }: Run, end: Exclude<PreviewEnd, { kind: "deployed" | "error" }>): string {
  switch (end.kind) {
    case "superseded":
      return `${oneLine(end.why, 1000)}. Nothing is left to be done here`;
    case "closed":
      return "The pull request is closed: there is nothing to bring up";
    case "down":
      return `The preview is gone, with its namespace ${namespace}`;
    case "absent":
      return "There is no preview to take down";
    case "kept":
      return `Another run has the preview in namespace ${namespace}, or the pull request is open again: it is left alone`;
    case "skipped":
      return "This pull request comes from a fork. GitHub gives its runs no secrets, so there is nothing to reach the cluster with, and no preview is brought up";
  }
}

function deployed(run: Run, end: Extract<PreviewEnd, { kind: "deployed" }>, facts: PreviewFacts | undefined): Telling {
  const { result, url, expires } = end;
  const { changes, ...ending } = result;
  const story = storyOf(run, { kind: "result", result: ending }, changes);
  const told = withAddress(telling(story, filesOf(run)), url);
  const isUp = result.cause === undefined;
  const { title, cause } = headlineOf(story);
  const isDone = isUp || result.rolledBack || !run.cancellation.signal.aborted;
  return {
    ...told,
    outputs: { ...told.outputs, preview: isUp ? "up" : "failed" },
    ...(isDone ? {} : { unfinished: {} }),
    elsewhere: () =>
      tellElsewhere(run, facts, {
        state: isUp ? "up" : "failed",
        ...(isUp ? {} : { story }),
        ...(url !== undefined && { url }),
        ...(expires !== undefined && { expires }),
        end: isUp
          ? { state: "success", description: title, ...(url !== undefined && { environmentUrl: url }) }
          : { state: "failure", description: `${title}: ${cause}` },
      }),
  };
}

function failed(run: Run, { error, isDown }: Extract<PreviewEnd, { kind: "error" }>, facts?: PreviewFacts): Telling {
  const story = storyOf(run, { kind: "error", error }, run.planned, isDown ? "uninstall" : "deploy");
  const told = telling(story, filesOf(run));
  const { title, cause } = headlineOf(story);
  const description = cause === undefined ? title : `${title}: ${cause}`;
  return {
    ...told,
    outputs: { ...told.outputs, preview: "failed" },
    unfinished: {},
    elsewhere: () =>
      tellElsewhere(run, facts, {
        state: isDown ? "stuck" : "failed",
        story,
        // What ran there was uninstalled before the namespace would not go.
        end: error.code === "PREVIEW_HELD" ? { state: "retired" } : { state: "failure", description },
      }),
  };
}

function storyOf(
  run: Run,
  ending: Story["ending"],
  changes: Story["changes"],
  command: Story["command"] = "deploy",
): Story {
  const { namespace, seen, cancellation } = run;
  const { hasChanged, rollout, rollback, warnings, hazards = [] } = seen;
  const name = (run.inputs as PreviewInputs | undefined)?.release || run.env["INPUT_RELEASE"]?.trim() || "the chart";
  const story: Story = {
    command,
    release: ending.kind === "error" ? `The preview of ${name}` : name,
    namespace,
    cancelled: cancellation.signal.aborted,
    changes: changes.map(shownChange),
    ending,
    observed: { hasChanged, rollout, rollback, warnings, hazards },
  };
  return redactAll(story, run.redact);
}

type Elsewhere = {
  state: PreviewState | undefined;
  story?: Story;
  url?: string;
  expires?: number;
  end: DeploymentEnd;
};

async function tellElsewhere(
  run: Run,
  facts: PreviewFacts | undefined,
  { state, end, ...more }: Elsewhere,
): Promise<string[]> {
  const inputs = run.inputs as PreviewInputs | undefined;
  const lines = (await run.deployment?.end(end)) ?? [];
  const isCommented = state !== undefined && facts !== undefined && !run.cancellation.signal.aborted;
  if (!isCommented || inputs === undefined || inputs.comment.mode === "never") return lines;
  const { identity, ...rest } = facts;
  const { namespace, env } = run;
  const text = previewComment({ ...rest, ...more, state, release: identity.release, namespace });
  const { token } = inputs.comment;
  return [...lines, await writeComment(text, { number: facts.number, marker: previewMarker(identity), token, env })];
}

/** One comment for each preview, whichever job or workflow writes it. */
export function previewMarker(identity: PreviewIdentity): string {
  return `<!-- slipway-preview ${previewHash(identity).slice(0, 24)} -->`;
}
