import type { ManifestObject } from "../plan/planner.ts";
import type { Plan } from "../plan/types.ts";
import { hookRecord } from "../release/chart-record.ts";
import { readable, wasUninstalled } from "../release/history.ts";
import type { Release } from "../release/types.ts";
import type { Rendered } from "../render/types.ts";
import { comingKinds, readDocument } from "./objects.ts";
import type { DeployOptions, Session } from "./options.ts";
import { planDefinitions } from "./plan-definitions.ts";
import { planHooks } from "./plan-hooks.ts";
import { locateHooks } from "./plan-revision.ts";

export type Parts = { plan: Plan; rendered: Rendered; history: Release[]; definitions: ManifestObject[] };

/** The plan with what goes before and after its changes: the definitions under `crds/`, and the hooks that are due. */
export async function completePlan(session: Session, options: DeployOptions, parts: Parts): Promise<Plan> {
  const [definitions, hooks] = await Promise.all([
    planDefinitions(session, parts.definitions, options.upgradeCrds ? "upgrade" : "create"),
    options.hooks ? planDueHooks(session, options, parts) : [],
  ]);
  return { ...parts.plan, definitions, hooks };
}

async function planDueHooks(session: Session, { namespace }: DeployOptions, parts: Parts) {
  const { rendered, history, definitions } = parts;
  const objects = rendered.manifests.flatMap(({ content, source }) => readDocument(content, source));
  const coming = comingKinds([...definitions, ...objects].map(({ object }) => object));
  const hooks = await locateHooks(session, rendered.hooks.map(hookRecord), namespace, coming);
  const kind = isInstallAfter(history) ? "install" : "upgrade";
  return planHooks(hooks, readable(history).at(-1)?.hooks ?? [], [`pre-${kind}`, `post-${kind}`]);
}

export function isInstallAfter(history: readonly Release[]): boolean {
  const last = history.at(-1);
  return last === undefined || wasUninstalled(last);
}
