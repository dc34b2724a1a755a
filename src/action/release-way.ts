import { redactAll } from "../base/redact.ts";
import { annotationsOf, type LocateFile } from "../report/annotation.ts";
import { oneLine, plainText } from "../report/plain-text.ts";
import { shownChange } from "../report/shown-change.ts";
import { type Ending, headlineOf, type Story } from "../report/story.ts";
import { summaryMarkdown } from "../report/summary.ts";
import { workspaceFiles } from "../report/workspace-file.ts";
import { addressOf, withAddress } from "./address.ts";
import { commentOn } from "./comment.ts";
import { beginDeployment, type DeploymentEnd, type DeploymentLife, retireAtEnd } from "./github-deployment.ts";
import type { ReleaseInputs } from "./inputs.ts";
import { originIn } from "./origin.ts";
import { outputsOf } from "./outputs.ts";
import { perform } from "./perform.ts";
import type { Run, Telling, Way } from "./way.ts";

/** Of every command that is about one release: it ends with a story. */
export function releaseWay(command: Story["command"]): Way {
  const tell = (run: Run, ending: Ending, changes: Story["changes"], url?: string) => {
    const inputs = run.inputs as ReleaseInputs | undefined;
    const story = redactAll(storyOf(run, { command, inputs, ending, changes }), run.redact);
    const told = withAddress(telling(story, filesOf(run)), url);
    const unfinished = isDone(run, inputs, ending) ? {} : { unfinished: unfinishedOf(inputs) };
    return { ...told, ...unfinished, elsewhere: () => tellElsewhere(run, story, { inputs, url }) };
  };
  return {
    async carryOut(run, given, { session, namespace }) {
      const inputs = given as ReleaseInputs;
      const isSecret = (text: string) => run.redact(text) !== text;
      const life = lifeOf(run, inputs);
      if (life) run.deployment = life;
      const { ending, changes } = await perform(session, inputs, { namespace, isSecret });
      const url = isUp(command, ending)
        ? (inputs.environment.url ?? (await addressOf(session, inputs.release)))
        : undefined;
      return (ended) => tell(ended, ending, changes, url);
    },
    fail: (run, error) => tell(run, { kind: "error", error }, run.planned),
  };
}

/** The files of the workspace that errors and hazards of a run are about. */
export function filesOf({ inputs, env }: Pick<Run, "inputs" | "env">): LocateFile {
  const chart = inputs !== undefined && "deploy" in inputs ? inputs.deploy.chart : undefined;
  const cwd = process.cwd();
  return workspaceFiles({
    root: env["GITHUB_WORKSPACE"] || cwd,
    cwd,
    chart: typeof chart === "object" ? chart.reference : chart,
  });
}

/** The story as each place tells it. */
export function telling(story: Story, locate: LocateFile = () => undefined): Telling {
  const { ending, finishing } = story;
  const { title, aftermath } = headlineOf(story);
  const notes = ending.kind === "result" ? ending.result.notes.trimEnd() : "";
  const failed = isFailure(ending);
  return {
    failed,
    // Of what `post` does no later step can read.
    ...(finishing ? {} : { outputs: outputsOf(story) }),
    summary: summaryMarkdown(story),
    groups: notes ? [{ title: "Notes", lines: notes.split("\n") }] : [],
    lines: [...errorLines(story), oneLine(`${failed ? "✗" : "✓"} ${title}. ${aftermath}`, 2000)],
    annotations: annotationsOf(story, locate).map((one) => (finishing?.wasTold ? { ...one, level: "notice" } : one)),
  };
}

function errorLines({ ending }: Story): string[] {
  if (ending.kind !== "error") return [];
  const { hint, detail } = ending.error;
  return [...(detail ?? "").split("\n").slice(0, 60), hint ?? ""]
    .filter((line) => line !== "")
    .map((line) => `  ${plainText(line)}`);
}

function isFailure(ending: Ending): boolean {
  return ending.kind === "error" || (ending.kind === "result" && ending.result.cause !== undefined);
}

// A run that was cancelled recorded at best that it failed; one that ended with an error may not even have done that.
function isDone({ cancellation }: Run, inputs: ReleaseInputs | undefined, ending: Ending): boolean {
  if (ending.kind === "planned") return true;
  if (ending.kind === "error") return false;
  const { cause, rolledBack } = ending.result;
  return cause === undefined || rolledBack || !cancellation.signal.aborted || inputs?.onFailure === "keep";
}

function unfinishedOf(inputs: ReleaseInputs | undefined): { told?: string } {
  const isTakenBack = inputs?.command === "deploy" && inputs.onFailure === "rollback";
  return isTakenBack ? { told: "The post step of this action takes the release back." } : {};
}

function isUp(command: Story["command"], ending: Ending): boolean {
  return command !== "uninstall" && ending.kind === "result" && ending.result.cause === undefined;
}

function lifeOf(run: Run, { command, environment, release, dryRun }: ReleaseInputs): DeploymentLife | undefined {
  const { name, isTransient } = environment;
  if (name === undefined || dryRun) return undefined;
  if (command === "uninstall") return retireAtEnd(run, name);
  const { commit = "", actor } = originIn(run.env);
  const description = `Release ${release}${actor ? `, by ${actor}` : ""}`;
  return beginDeployment(run, { name, isTransient, commit, description });
}

async function tellElsewhere(
  run: Run,
  story: Story,
  { inputs, url }: { inputs: ReleaseInputs | undefined; url: string | undefined },
): Promise<string[]> {
  const isCommented = inputs !== undefined && !story.cancelled;
  const comment = isCommented ? await commentOn(story, { ...inputs.comment, env: run.env }) : undefined;
  const deployment = (await run.deployment?.end(endOf(story, url))) ?? [];
  return [...(comment === undefined ? [] : [comment]), ...deployment];
}

function endOf(story: Story, url: string | undefined): DeploymentEnd {
  const { title, cause } = headlineOf(story);
  if (cause !== undefined) return { state: "failure", description: `${title}: ${cause}` };
  if (story.command === "uninstall") return { state: "retired" };
  return { state: "success", description: title, ...(url !== undefined && { environmentUrl: url }) };
}

type Ended = Pick<Story, "command" | "ending" | "changes"> & { inputs: ReleaseInputs | undefined };

function storyOf({ env, namespace, seen, cancellation }: Run, { command, inputs, ending, changes }: Ended): Story {
  const { hasChanged, rollout, rollback, warnings, hazards = [] } = seen;
  return {
    command,
    release: inputs?.release ?? env["INPUT_RELEASE"]?.trim() ?? "",
    namespace,
    cancelled: cancellation.signal.aborted,
    changes: changes.map(shownChange),
    ending,
    observed: { hasChanged, rollout, rollback, warnings, hazards },
  };
}
