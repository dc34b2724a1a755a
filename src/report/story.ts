import type { DeployResult } from "../deploy/result.ts";
import type { Change, PlannedHook } from "../plan/types.ts";
import type { Observations } from "./observations.ts";

/** What came of one run of the action, free of secrets: all that its summary, annotation and last line tell. */
export type Story = {
  command: "deploy" | "plan" | "rollback" | "uninstall";
  release: string;
  namespace: string;
  /** True where the user cancelled it. */
  cancelled: boolean;
  /** Set for what `post` did about a run that was cut off: whether that run had told of it itself. */
  finishing?: { wasTold: boolean };
  changes: readonly Change[];
  ending: Ending;
  observed: Observations;
};

export type Ending =
  | { kind: "planned"; notes: string; hooks?: readonly PlannedHook[]; hasWork?: boolean }
  | { kind: "result"; result: Omit<DeployResult, "changes"> }
  | { kind: "error"; error: ErrorFacts };

/** An error as it is told: a SlipwayError's parts, or the stack of a bug. */
export type ErrorFacts = {
  message: string;
  code?: string;
  where?: string;
  hint?: string;
  detail?: string;
  /** What is wrong in which file: `file:line:column`. */
  places?: readonly { where: string; message: string }[];
};

/** What happened in a few words, why in one line, and what became of the release. */
export type Headline = { ok: boolean; title: string; cause?: string; aftermath: string };

export function headlineOf(story: Story): Headline {
  const { ending, release, namespace } = story;
  if (ending.kind === "planned")
    return { ok: true, title: `Plan for ${release}`, aftermath: `Nothing was changed in namespace ${namespace}.` };
  if (ending.kind === "error") return errorHeadline(story, ending.error);
  const { result } = ending;
  if (result.cause === undefined) return successHeadline(story, result);
  return { ok: false, cause: result.cause, ...failureHeadline(story, result) };
}

const undone = {
  deploy: "was not deployed",
  plan: "was not planned",
  rollback: "was not rolled back",
  uninstall: "was not uninstalled",
};

function errorHeadline({ command, release, finishing, observed }: Story, error: ErrorFacts): Headline {
  const name = release || "The release";
  const title = finishing ? `${name} could not be taken back` : `${name} ${undone[command]}`;
  const changed = observed.hasChanged ? "The cluster may have been changed in part." : "Nothing was changed.";
  return { ok: false, title, cause: error.message, aftermath: changed };
}

type Result = Omit<DeployResult, "changes">;

function successHeadline({ command, release, namespace }: Story, result: Result): Headline {
  const titles = {
    deploy: `${release} is deployed`,
    plan: `${release} is deployed`,
    rollback: `${release} is rolled back`,
    uninstall: `${release} is uninstalled`,
  };
  const aftermath =
    command === "uninstall"
      ? `Nothing of it is left in namespace ${namespace}.`
      : `Revision ${result.revision} runs in namespace ${namespace}.`;
  return { ok: true, title: titles[command], aftermath };
}

function failureHeadline({ release, cancelled, finishing }: Story, result: Result): Omit<Headline, "ok" | "cause"> {
  const { revision, previousRevision, rolledBack, rollbackCause, status } = result;
  if (rollbackCause !== undefined) {
    return {
      title: `${release} failed and could NOT be taken back`,
      aftermath: `Taking it back failed: ${rollbackCause}.`,
    };
  }
  if (rolledBack && (status === "uninstalled" || previousRevision === undefined)) {
    return { title: `The first install of ${release} was taken back`, aftermath: "Nothing of it is left." };
  }
  if (rolledBack) {
    const aftermath = `What revision ${previousRevision} deployed runs again, as revision ${revision}.`;
    return { title: `${release} was rolled back to revision ${previousRevision}`, aftermath };
  }
  const recorded = `Revision ${revision} is recorded as failed and was left as it is.`;
  if (!cancelled || finishing) return { title: `${release} failed`, aftermath: recorded };
  return { title: `${release} was cancelled`, aftermath: `Revision ${revision} is recorded as failed.` };
}
