import type { SlipwayError } from "../base/error.ts";
import type { ManifestObject } from "../plan/planner.ts";
import type { Change } from "../plan/types.ts";
import { hookRecord } from "../release/chart-record.ts";
import { maxRecordLength, zipJson } from "../release/codec.ts";
import { maxParts } from "../release/fit-record.ts";
import type { Release } from "../release/types.ts";
import type { Rendered } from "../render/types.ts";
import { type Assessed, type AssessInput, assess } from "./assess.ts";
import { explainDenied } from "./denied.ts";
import type { Place } from "./namespace.ts";
import { comingKinds } from "./objects.ts";
import type { DeployOptions, Session } from "./options.ts";
import type { RulesReader } from "./permissions.ts";
import { planDefinitions } from "./plan-definitions.ts";
import { locateHooks, planRevision } from "./plan-revision.ts";

type Input = {
  rendered: Rendered;
  desired: readonly ManifestObject[];
  definitions: readonly ManifestObject[];
  history: Release[];
  /** Why the history may not be read. */
  denied?: SlipwayError;
  method: Release["applyMethod"] & string;
  place: Place;
  rulesOf: RulesReader;
};

/** The changes of a deploy, and what stands in their way. Where reading is forbidden, fails with all that is not granted. */
export async function planWithHazards(session: Session, options: DeployOptions, input: Input): Promise<Assessed> {
  const { desired, history, method, denied, rendered, place } = input;
  const { release, namespace, takeOwnership, historyMax } = options;
  const definitions = input.definitions.map(({ object }) => object);
  const createNamespace = !place.exists;
  const subject = { release, namespace, createNamespace, definitions, history, historyMax, rulesOf: input.rulesOf };
  const records = rendered.hooks.map(hookRecord);
  const changes = await planUnlessDenied();
  const coming = comingKinds([...definitions, ...desired.map(({ object }) => object)]);
  const hooks = await locateHooks(session, records, namespace, coming);
  const record = await recordSize(rendered);
  const definitionChanges = options.upgradeCrds ? await planDefinitions(session, input.definitions, "upgrade") : [];
  return await assess(session, options, {
    ...subject,
    changes,
    hooks,
    definitionChanges,
    ...(place.object ? { place: place.object } : {}),
    ...(record ? { record } : {}),
  });

  async function planUnlessDenied(): Promise<Change[]> {
    try {
      if (denied) throw denied;
      return await planRevision(session, {
        release,
        namespace,
        desired,
        history,
        method,
        takeOwnership,
        definitions,
        manner: options,
        ...(createNamespace && { absent: namespace }),
      });
    } catch (error) {
      throw await explainDenied(session, options, { ...subject, desired, hooks: records }, error);
    }
  }
}

// Of the rest of a record is left out what does not fit.
async function recordSize({ manifest, hooks }: Rendered): Promise<AssessInput["record"]> {
  const length = hooks.reduce((sum, hook) => sum + hook.content.length, manifest.length);
  // Text that can't be compressed at all grows by a third as base64.
  if (length * 1.4 < maxRecordLength) return undefined;
  const zipped = await zipJson({ manifest, hooks: hooks.map((hook) => hook.content) });
  return { bytes: zipped.length, most: maxParts * maxRecordLength };
}
