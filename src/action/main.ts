import { isPost, isUnfinished, loadJobState } from "./job-state.ts";

/** What each needs is loaded by itself: where `post` has nothing to do it costs nothing. */
async function main(env: NodeJS.ProcessEnv): Promise<0 | 1> {
  if (!isPost()) return (await import("./run.ts")).run(env);
  const state = loadJobState();
  if (state === undefined || !isUnfinished(state)) return 0;
  return (await import("./post.ts")).post(env, state);
}

process.exitCode = await main(process.env);
// A connection that lingers must not keep the job waiting.
setTimeout(() => process.exit(), 1000).unref();
