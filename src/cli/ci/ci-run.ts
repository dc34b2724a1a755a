import { SlipwayError } from "../../base/error.ts";
import { redactAll } from "../../base/redact.ts";
import { sha256OfParts } from "../../base/sha256.ts";
import type { DeployEvent } from "../../deploy/events.ts";
import { type Annotation, annotationsOf } from "../../report/annotation.ts";
import { observer } from "../../report/observations.ts";
import { oneLine } from "../../report/plain-text.ts";
import { shownChange } from "../../report/shown-change.ts";
import type { Ending, ErrorFacts, Story } from "../../report/story.ts";
import { summaryMarkdown } from "../../report/summary.ts";
import { workspaceFiles } from "../../report/workspace-file.ts";
import type { Terminal } from "../command.ts";
import { writeCodeQuality } from "./code-quality.ts";
import type { CiForm } from "./form.ts";

/** The release that a command is about, as far as its words say; `chart` is its folder, where it has one. */
export type CiSubject = Pick<Story, "command" | "release"> & { namespace?: string; chart?: string };

/** One run of the CLI as its CI sees it: parts of the log that fold, and how it ended. */
export type CiRun = {
  neutral(text: string): string;
  /** Begins a part of the log that folds, and ends the one before; false where this log has none. */
  open(title: string): boolean;
  /** Ends the part that is open. */
  close(): void;
  about(subject: CiSubject): void;
  see(event: DeployEvent): void;
  end(ending: Ending, changes?: Story["changes"], namespace?: string): void;
  fail(error: unknown): void;
  /** Tells it where the CI shows it; once, at the end. */
  publish(terminal: Terminal): Promise<void>;
};

type Options = {
  /** Absent where there is no CI, but a report is asked for. */
  form: CiForm | undefined;
  command: string;
  codeQuality: string | undefined;
  out: Terminal["out"];
};

export function ciRun({ form, command, codeQuality, out }: Options): CiRun {
  const seen = observer();
  let isOpen = false;
  let subject: CiSubject | undefined;
  let planned: Story["changes"] = [];
  let ended: { ending: Ending; changes: Story["changes"]; namespace: string } | undefined;

  function endPart(isLast: boolean): void {
    if (isOpen && form) out.write(form.close(isLast));
    isOpen = false;
  }

  function outcome({ env, signal, redact = (text) => text }: Terminal): { annotations: Annotation[]; story?: Story } {
    if (ended === undefined) return { annotations: [] };
    if (subject === undefined) return { annotations: plainAnnotations(command, ended.ending, redact) };
    const { hasChanged, rollout, rollback, warnings, hazards = [] } = seen;
    const story: Story = redactAll(
      {
        ...{ command: subject.command, release: subject.release, namespace: ended.namespace },
        cancelled: signal.aborted,
        changes: ended.changes.map(shownChange),
        ending: ended.ending,
        observed: { hasChanged, rollout, rollback, warnings, hazards },
      },
      redact,
    );
    const cwd = process.cwd();
    const root = env["GITHUB_WORKSPACE"] || env["CI_PROJECT_DIR"] || env["BUILDKITE_BUILD_CHECKOUT_PATH"] || cwd;
    return { story, annotations: annotationsOf(story, workspaceFiles({ root, cwd, chart: subject.chart })) };
  }

  return {
    neutral: (text) => form?.neutral(text) ?? text,
    open(title) {
      if (form === undefined) return false;
      endPart(false);
      out.write(form.open(form.neutral(oneLine(title))));
      isOpen = true;
      return true;
    },
    close: () => endPart(true),
    about(about) {
      subject = about;
    },
    see(event) {
      if (event.type === "plan") planned = event.plan.changes;
      seen.emit(event);
    },
    end(ending, changes = planned, namespace = subject?.namespace ?? "") {
      ended = { ending, changes, namespace };
    },
    fail(error) {
      ended = {
        ending: { kind: "error", error: factsOf(error) },
        changes: planned,
        namespace: subject?.namespace ?? "",
      };
    },
    async publish(terminal) {
      const { annotations, story } = outcome(terminal);
      if (codeQuality !== undefined) writeCodeQuality(codeQuality, annotations);
      if (ended === undefined || form === undefined) return;
      const failed = annotations.some(({ level = "error" }) => level === "error");
      const id = sha256OfParts(command, subject?.release ?? "", subject?.namespace ?? "").slice(0, 16);
      const summary = story && summaryMarkdown(story);
      const troubles = await form.publish({ id, failed, annotations, summary }, terminal);
      for (const trouble of troubles) terminal.err.write(`${oneLine(trouble, 1000)}\n`);
    },
  };
}

function factsOf(error: unknown): ErrorFacts {
  if (!(error instanceof SlipwayError)) return { message: "This is a bug in slipway: its log has the place" };
  const { message, code, where, hint, detail, places } = error;
  return {
    message,
    code,
    ...(where !== undefined && { where }),
    ...(hint !== undefined && { hint }),
    ...(detail !== undefined && { detail }),
    ...(places !== undefined && { places }),
  };
}

/** Of a command that is about no release. */
function plainAnnotations(command: string, ending: Ending, redact: (text: string) => string): Annotation[] {
  if (ending.kind !== "error") return [];
  const { message, hint } = ending.error;
  const lines = [message, ...(hint ? [hint] : [])].map((line) => oneLine(redact(line), 2000));
  return [{ title: `slipway ${oneLine(command, 50)} failed`, message: lines.join("\n") }];
}
