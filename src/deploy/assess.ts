import type { HookObject } from "../apply/hooks.ts";
import { stringAt } from "../base/json-path.ts";
import { groupOf, objectKey } from "../kube/ref.ts";
import type { KubeObject, ObjectRef } from "../kube/types.ts";
import { findHazards } from "../plan/hazards/find-hazards.ts";
import { isSuspect, replaceImmutable } from "../plan/hazards/immutable.ts";
import { type NeedsInput, needsOf, type Served } from "../plan/hazards/needs.ts";
import { setsReplicas } from "../plan/hazards/scaling.ts";
import type { Answer, HazardInput } from "../plan/hazards/types.ts";
import type { Change, Hazard } from "../plan/types.ts";
import { revisionsToPrune } from "../release/history.ts";
import type { Release } from "../release/types.ts";
import { isCurrentOnceThere } from "../rollout/health.ts";
import { askServer } from "./ask-server.ts";
import { applyContext } from "./carry-out.ts";
import { comingKinds } from "./objects.ts";
import type { CarryOutOptions, Session } from "./options.ts";
import { missingPermissions, orNothing, type RulesReader } from "./permissions.ts";

export type AssessInput = {
  release: string;
  namespace: string;
  /** The live namespace, where it may be seen. */
  place?: KubeObject;
  createNamespace: boolean;
  changes: readonly Change[];
  hooks: readonly HookObject[];
  definitions: readonly KubeObject[];
  /** What becomes of those that are to be brought up to date. */
  definitionChanges?: readonly Change[];
  history: readonly Release[];
  historyMax: number;
  record?: HazardInput["record"];
  rulesOf: RulesReader;
};

export type Assessed = {
  /** To carry out, with what is to be replaced. */
  changes: Change[];
  /** The same as the server would carry them out, to be shown. */
  shown: Change[];
  hazards: Hazard[];
};

/** Says what stands in the way of a plan, and what of it has to be replaced. All is asked at once; nothing is changed. */
export async function assess(session: Session, options: CarryOutOptions, input: AssessInput): Promise<Assessed> {
  const { kube } = session;
  const answers = new Map<string, Answer>();
  const { definitionChanges = [] } = input;
  const all = [...definitionChanges, ...input.changes];
  const served = await servedKinds(session);
  const [answered, autoscalers, quotas, missing, version] = await Promise.all([
    askAbout(session, options, { ...input, served }, answers),
    listIn(session, { apiVersion: "autoscaling/v1", kind: "HorizontalPodAutoscaler" }, scaledPlaces(input)),
    listIn(session, { apiVersion: "v1", kind: "ResourceQuota" }, growingPlaces(input)),
    missingPermissions(
      session,
      needsOf(needsInput(session, options, { ...input, changes: all }, served)),
      input.rulesOf,
    ),
    orNothing(kube.discovery.version()),
  ]);
  const known = reliable(answers, input);
  const settle = settleWith(known, options);
  const shown = answered.map(settle);
  const hazards = findHazards({
    changes: [...definitionChanges, ...shown],
    answers: known,
    release: { name: input.release, namespace: input.namespace },
    autoscalers,
    quotas,
    missing,
    resourceOf: (ref) => resourceName(served(ref)),
    ...(input.place ? { namespace: input.place } : {}),
    ...(version
      ? { version: { major: Number.parseInt(version.major, 10), minor: Number.parseInt(version.minor, 10) } }
      : {}),
    ...(input.record ? { record: input.record } : {}),
  });
  return { changes: input.changes.map(settle), shown, hazards };
}

/** The changes with those replaced that the server would refuse, where that is wanted. */
export async function replaceRefused(
  session: Session,
  options: CarryOutOptions,
  changes: readonly Change[],
): Promise<Change[]> {
  const suspects = changes.filter(isSuspect);
  const answers = new Map<string, Answer>();
  if (suspects.length > 0) await askServer(applyContext(session, options), suspects, answers);
  return changes.map(settleWith(answers, options));
}

function settleWith(answers: ReadonlyMap<string, Answer>, { replaceImmutable: mode = "jobs" }: CarryOutOptions) {
  return (change: Change) => replaceImmutable(change, mode, answers.get(objectKey(change.ref)));
}

/** Of what lies in a namespace, or is of a kind, that is yet to be made the server knows nothing. */
async function askAbout(
  session: Session,
  options: CarryOutOptions,
  { changes, definitions, createNamespace, namespace, served }: AssessInput & { served: Served },
  answers: Map<string, Answer>,
): Promise<Change[]> {
  const coming = comingKinds([...definitions, ...changes.flatMap(({ desired }) => desired ?? [])]);
  const isComing = (ref: ObjectRef) =>
    (createNamespace && ref.namespace === namespace) ||
    (coming.has(`${groupOf(ref.apiVersion)}/${ref.kind}`) && served(ref) === undefined);
  const about = changes.filter(({ ref }) => !isComing(ref));
  const heard = await askServer(applyContext(session, options), about, answers);
  const byAsked = new Map(about.map((change, index) => [change, heard[index] ?? change]));
  return changes.map((change) => byAsked.get(change) ?? change);
}

/** Without what the server judges by definitions and rules that this very plan changes. */
function reliable(answers: ReadonlyMap<string, Answer>, { changes, definitions }: AssessInput): Map<string, Answer> {
  const changing = changes.flatMap(({ action, desired }) => (desired && action !== "nothing" ? [desired] : []));
  const judges = [...definitions, ...changing];
  const byAnyone = judges.some(({ kind }) => /^(Validating|Mutating)(WebhookConfiguration|AdmissionPolicy)/.test(kind));
  const defined = new Set(
    judges
      .filter(({ kind }) => kind === "CustomResourceDefinition")
      .map((object) => `${stringAt(object, "spec", "group")}/${stringAt(object, "spec", "names", "kind")}`),
  );
  const isOpen = ([key]: readonly [string, Answer]) => {
    const [group, kind] = key.split("/");
    return defined.has(`${group}/${kind}`);
  };
  return new Map([...answers].filter((entry) => entry[1].taken || !(byAnyone || isOpen(entry))));
}

/** The namespaces in which a workload says how many pods it wants; one that is yet to be made has no autoscalers. */
function scaledPlaces({ changes, createNamespace, namespace }: AssessInput): Set<string> {
  const places = changes.filter(setsReplicas).flatMap(({ ref }) => ref.namespace ?? []);
  return new Set(places.filter((place) => !(createNamespace && place === namespace)));
}

function growingPlaces({ changes, createNamespace, namespace }: AssessInput): Set<string> {
  const places = changes
    .filter(({ action }) => action === "create" || action === "change")
    .flatMap(({ ref }) => ref.namespace ?? []);
  return new Set(places.filter((place) => !(createNamespace && place === namespace)));
}

async function listIn(
  { kube, signal }: Session,
  { apiVersion, kind }: { apiVersion: string; kind: string },
  namespaces: ReadonlySet<string>,
): Promise<KubeObject[]> {
  const lists = [...namespaces].map(async (namespace) => {
    const list = await orNothing(kube.list(apiVersion, kind, { namespace }, { signal }));
    return (list?.items ?? []).map((item) => ({ ...item, apiVersion, kind }));
  });
  return (await Promise.all(lists)).flat();
}

async function servedKinds({ kube }: Session): Promise<Served> {
  const resources = (await orNothing(kube.discovery.resources())) ?? [];
  const byKind = new Map(resources.map((resource) => [`${resource.group}/${resource.kind}`, resource]));
  return ({ apiVersion, kind }) => byKind.get(`${groupOf(apiVersion)}/${kind}`);
}

function resourceName(served: ReturnType<Served>): string | undefined {
  if (served === undefined) return undefined;
  return served.group === "" ? served.plural : `${served.plural}.${served.group}`;
}

type Subject = Pick<
  AssessInput,
  "changes" | "hooks" | "definitions" | "history" | "historyMax" | "namespace" | "createNamespace"
>;

function needsInput(
  { driver }: Session,
  { wait, hooks: runsHooks, test: runsTests }: CarryOutOptions & { test?: boolean },
  { changes, hooks, definitions, history, historyMax, namespace, createNamespace }: Subject,
  served: Served,
  reads = false,
): NeedsInput {
  return {
    changes,
    hooks: runsHooks ? hooks.filter(({ hook }) => runsTests || !isTest(hook)).map(({ object }) => object) : [],
    definitions,
    release: { namespace, createNamespace, prunes: revisionsToPrune([...history], historyMax).length > 0 },
    ...(driver.records ? { records: driver.records } : {}),
    waits: wait,
    isWatched: (object) => !isCurrentOnceThere(object),
    served,
    reads,
  };
}

function isTest({ events }: HookObject["hook"]): boolean {
  return events.every((event) => event === "test");
}

/** Everything that a plan would need of whom it can't even be made for: `changes` are what might be done. */
export async function missingForReading(
  session: Session,
  options: CarryOutOptions,
  subject: Subject & { rulesOf: RulesReader },
): Promise<ReturnType<typeof missingPermissions>> {
  const served = await servedKinds(session);
  return await missingPermissions(
    session,
    needsOf(needsInput(session, options, subject, served, true)),
    subject.rulesOf,
  );
}

/** A manifest's object as what might become of it. */
export function possibleChanges(object: KubeObject): Change[] {
  const { apiVersion, kind, metadata } = object;
  const ref: ObjectRef = {
    apiVersion,
    kind,
    name: metadata.name,
    ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
  };
  return (["create", "change"] as const).map((action) => ({ action, ref, desired: object, operations: [] }));
}
