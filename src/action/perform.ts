import { deploy, plan } from "../deploy/deploy.ts";
import type { Session } from "../deploy/options.ts";
import { rollback } from "../deploy/rollback.ts";
import { readSavedPlan, writeSavedPlan } from "../deploy/saved-plan/file.ts";
import type { IsSecret } from "../deploy/saved-plan/save.ts";
import { uninstall } from "../deploy/uninstall.ts";
import { shownPlan } from "../report/shown-change.ts";
import type { Story } from "../report/story.ts";
import type { ReleaseInputs } from "./inputs.ts";

export type Performed = Pick<Story, "changes" | "ending">;

/** Carries the command out, or says what it would do. */
export async function perform(
  session: Session,
  inputs: ReleaseInputs,
  { namespace, isSecret }: { namespace: string; isSecret: IsSecret },
): Promise<Performed> {
  const { release, carryOut, historyMax, dryRun, description } = inputs;
  const common = { ...carryOut, release, namespace, dryRun, ...(description !== undefined && { description }) };
  switch (inputs.command) {
    case "deploy":
    case "plan": {
      const { planFile } = inputs;
      const isKept = inputs.command === "plan" && planFile !== undefined;
      const saved = isKept || planFile === undefined ? {} : { asPlanned: readSavedPlan(planFile) };
      const options = { ...inputs.deploy, namespace, ...saved };
      if (!dryRun) return fromResult(await deploy(session, options), false);
      const planned = await plan(session, options);
      if (isKept) writeSavedPlan(planFile, await planned.save(isSecret));
      const { changes, definitions = [], hooks = [] } = shownPlan(planned.plan);
      const { hasWork, notes } = planned;
      return { changes: [...definitions, ...changes], ending: { kind: "planned", notes, hooks, hasWork } };
    }
    case "rollback": {
      const { revision, origin } = inputs;
      const options = { ...common, historyMax, origin, ...(revision !== undefined && { revision }) };
      return fromResult(await rollback(session, options), dryRun);
    }
    case "uninstall":
      return fromResult(await uninstall(session, { ...common, keepHistory: false }), dryRun);
  }
}

type Result = Awaited<ReturnType<typeof deploy>>;

function fromResult({ changes, ...result }: Result, dryRun: boolean): Performed {
  return { changes, ending: dryRun ? { kind: "planned", notes: "" } : { kind: "result", result } };
}
