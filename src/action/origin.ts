import type { Origin } from "../deploy/origin.ts";
import { pullRequestOf } from "../github/event.ts";

type Env = Readonly<Record<string, string | undefined>>;

const mostActor = 60;

/** What the workflow deploys and who started it. Of a pull request the commit that was pushed, not the merge of a moment. */
export function originIn(env: Env): Origin {
  const commit = pullRequestOf(env)?.commit || env["GITHUB_SHA"] || "";
  const run = env["GITHUB_RUN_ID"] ?? "";
  const actor = (env["GITHUB_TRIGGERING_ACTOR"] || env["GITHUB_ACTOR"] || "").replace(/[^\w[\]-]/g, "");
  return {
    ...(/^[0-9a-f]{7,64}$/.test(commit) && { commit }),
    ...(/^\d{1,20}$/.test(run) && { run }),
    ...(actor !== "" && { actor: actor.slice(0, mostActor) }),
  };
}
