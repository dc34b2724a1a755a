import { hostOf } from "../cli/preview-options.ts";
import { openDriver } from "../cli/session.ts";
import { repositoryId } from "../deploy/preview/identity.ts";
import { type PullRequestState, type Swept, sweep } from "../deploy/preview/sweep.ts";
import { statusOf } from "../github/client.ts";
import { readPullRequest } from "../github/pull-requests.ts";
import { oneLine, plainText } from "../report/plain-text.ts";
import { sweptLines, sweptMarkdown, sweptTitle } from "../report/preview.ts";
import { previewComment } from "../report/preview-comment.ts";
import type { ErrorFacts } from "../report/story.ts";
import { writeComment } from "./comment.ts";
import { accessGithub, runUrl, tryOnGithub } from "./github-access.ts";
import { retire } from "./github-deployment.ts";
import type { SweepInputs } from "./preview-inputs.ts";
import { previewMarker } from "./preview-telling.ts";
import type { Run, Telling, Way } from "./way.ts";

/** Removes the repository's previews whose pull request is closed or whose time has passed. */
export const sweepWay: Way = {
  async carryOut(run, given, { session }) {
    const inputs = given as SweepInputs;
    const { env } = run;
    const { driver: _, ...rest } = session;
    const { kube, signal, emit } = session;
    const previews = {
      ...rest,
      // Of several releases at once, the log would be a jumble: a line each tells what became of them.
      emit: (event: Parameters<typeof emit>[0]) => (event.type === "warning" ? emit(event) : undefined),
      driverIn: (namespace: string) => openDriver({ cluster: { kube }, terminal: { env, signal }, emit }, namespace),
    };
    const stateOf = stateReader(run, inputs);
    const swept = await sweep(previews, {
      ...inputs.carryOut,
      repository: repositoryId(hostOf(env), env["GITHUB_REPOSITORY"] ?? ""),
      dryRun: inputs.dryRun,
      stateOf: ({ number }) => stateOf(number),
    });
    return (ended) => sweptTelling(ended, inputs, swept);
  },

  fail: (_run, { message, hint, detail }: ErrorFacts): Telling => ({
    failed: true,
    outputs: { status: "error", cause: message, preview: "failed" },
    summary: `### ❌ The previews could not be swept\n\n`,
    lines: [
      ...[...(detail ?? "").split("\n").slice(0, 60), hint ?? ""].filter(Boolean).map((line) => `  ${plainText(line)}`),
      oneLine(`✗ The previews could not be swept: ${message}`, 2000),
    ],
    annotation: { title: "The previews could not be swept", message: [message, ...(hint ? [hint] : [])].join("\n") },
  }),
};

/** A GitHub that is down is asked once: each question may take its time. */
function stateReader({ env }: Run, { comment }: SweepInputs): (number: number) => Promise<PullRequestState> {
  let silence: string | undefined;
  return async (number) => {
    if (silence !== undefined) return { unknown: silence };
    const read = await tryOnGithub(accessGithub(comment.token, env), ({ client, repository }) =>
      readPullRequest(client, { repository, number }),
    );
    if ("result" in read) return read.result.isOpen ? "open" : "closed";
    const unknown = `GitHub does not say whether its pull request is closed: ${read.why}`;
    if (statusOf(read.error) !== 404) silence = unknown;
    return { unknown };
  };
}

function sweptTelling(run: Run, inputs: SweepInputs, swept: readonly Swept[]): Telling {
  const rows = swept.map(({ identity: _, environment: __, ...row }) => ({ ...row, why: run.redact(row.why) }));
  const bad = swept.filter(({ outcome }) => outcome === "held" || outcome === "failed" || outcome === "unknown");
  const failed = bad.length > 0;
  const lines = sweptLines(swept).map(run.redact);
  const title = sweptTitle(swept);
  return {
    failed,
    outputs: {
      status: failed ? "error" : "swept",
      previews: JSON.stringify(rows),
      cause: failed ? (bad[0]?.why ?? "") : "",
    },
    summary: run.redact(sweptMarkdown(swept)),
    lines: [...lines.slice(0, -1), `${failed ? "✗" : "✓"} ${title}`],
    ...(failed
      ? {
          annotation: {
            title,
            message: bad
              .slice(0, 10)
              .map(({ namespace, why }) => oneLine(run.redact(`${namespace}: ${why}`), 1000))
              .join("\n"),
          },
        }
      : {}),
    elsewhere: () => tellPullRequests(run, inputs, swept),
  };
}

/** GitHub is told that nothing runs there any more; a pull request that is still open hears why. */
async function tellPullRequests({ env }: Run, { comment }: SweepInputs, swept: readonly Swept[]): Promise<string[]> {
  const lines = new Set<string>();
  for (const { outcome, identity, namespace, environment = namespace, isExpired } of swept) {
    if ((outcome !== "removed" && outcome !== "held") || identity === undefined) continue;
    const { number, release } = identity;
    for (const line of await retire(accessGithub(comment.token, env), environment, env)) lines.add(line);
    if (comment.mode === "never" || outcome === "held") continue;
    const link = runUrl(env);
    const state = isExpired ? "expired" : "down";
    const text = previewComment({ state, release, namespace, commit: "", ...(link && { runUrl: link }) });
    const told = await writeComment(text, { number, marker: previewMarker(identity), token: comment.token, env });
    if (!told.startsWith("The pull request has it")) lines.add(told);
  }
  return [...lines];
}
