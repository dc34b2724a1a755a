import { hasCode, SlipwayError } from "../base/error.ts";
import type { KubeObject } from "../kube/types.ts";
import type { ManifestObject } from "../plan/planner.ts";
import type { RecordedHook, Release } from "../release/types.ts";
import { missingForReading, possibleChanges } from "./assess.ts";
import { permissionError } from "./hazard-error.ts";
import { comingKinds, locate } from "./objects.ts";
import type { CarryOutOptions, Session } from "./options.ts";
import type { RulesReader } from "./permissions.ts";
import { locateHooks } from "./plan-revision.ts";

type Denied = {
  namespace: string;
  createNamespace: boolean;
  desired: readonly ManifestObject[];
  definitions: readonly KubeObject[];
  hooks: readonly RecordedHook[];
  history: readonly Release[];
  historyMax: number;
  rulesOf: RulesReader;
};

/** A history that may not be read, and why. */
export type Past = { history: Release[]; denied?: SlipwayError };

export async function readHistory({ driver }: Session, release: string): Promise<Past> {
  try {
    return { history: await driver.history(release) };
  } catch (error) {
    if (!hasCode(error, "KUBE_FORBIDDEN")) throw error;
    return { history: [], denied: error };
  }
}

/** Of a plan that could not be made because something may not be read: the failure that tells all that is not granted. */
export async function explainDenied(
  session: Session,
  options: CarryOutOptions,
  denied: Denied,
  error: unknown,
): Promise<unknown> {
  if (!hasCode(error, "KUBE_FORBIDDEN")) return error;
  try {
    const { desired, definitions, namespace } = denied;
    const coming = comingKinds([...definitions, ...desired.map(({ object }) => object)]);
    const located = await locate(desired, { discovery: session.kube.discovery, namespace, coming });
    const hooks = await locateHooks(session, denied.hooks, namespace, coming);
    const changes = located.flatMap(({ object }) => possibleChanges(object));
    const missing = await missingForReading(session, options, { ...denied, changes, hooks });
    const required = missing.filter(({ without }) => without === undefined);
    return required.length > 0 ? permissionError(required) : error;
  } catch (other) {
    // What is said already is worth more than why no more is known.
    if (other instanceof SlipwayError) return error;
    throw other;
  }
}
