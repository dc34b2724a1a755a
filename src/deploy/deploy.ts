import { installDefinitions } from "../apply/custom-resources.ts";
import { SlipwayError } from "../base/error.ts";
import { referenceOf } from "../chart/chart-source.ts";
import type { Chart } from "../chart/types.ts";
import { hasWork } from "../plan/has-work.ts";
import type { ManifestObject } from "../plan/planner.ts";
import type { Change, Plan } from "../plan/types.ts";
import { chartRecord, configRecord, hookRecord } from "../release/chart-record.ts";
import { lastGood, nextRevision, readable } from "../release/history.ts";
import { checkReleaseLabels, checkReleaseName, mergeReleaseLabels } from "../release/name.ts";
import type { Release } from "../release/types.ts";
import type { Rendered } from "../render/types.ts";
import { applyContext, carryOut, type Outcome } from "./carry-out.ts";
import { completePlan, isInstallAfter } from "./complete-plan.ts";
import { readHistory } from "./denied.ts";
import { stopOnHazards } from "./hazard-error.ts";
import { withKnown } from "./known-hooks.ts";
import { ensureNamespace, findNamespace } from "./namespace.ts";
import { comingKinds, readDocument } from "./objects.ts";
import { withRelease } from "./open-release.ts";
import type { DeployOptions, Session } from "./options.ts";
import { originLabels, withOrigin } from "./origin.ts";
import { rulesReader } from "./permissions.ts";
import { locateHooks } from "./plan-revision.ts";
import { planWithHazards } from "./plan-with-hazards.ts";
import { loadSource, renderForCluster } from "./prepare.ts";
import { prune, pruneAfter } from "./prune-history.ts";
import { begin, recordSuccess, supersedeUninstalled } from "./records.ts";
import type { DeployResult, PlanResult } from "./result.ts";
import { withOldValues } from "./reuse-values.ts";
import { basisOf } from "./saved-plan/basis.ts";
import { ensureAsPlanned, ensureRepeatable } from "./saved-plan/ensure.ts";
import { savePlan } from "./saved-plan/save.ts";
import { type Attempt, giveUp } from "./take-back.ts";

/** What a deploy will do, decided without changing anything. */
type Prepared = {
  rendered: Rendered;
  definitions: ManifestObject[];
  history: Release[];
  plan: Plan;
  /** Its changes as the server would carry them out. */
  shown: Change[];
  method: Release["applyMethod"] & string;
  chart: Chart;
  /** The chart once more, with the same values and for the same cluster. */
  renderAgain(): Promise<Rendered>;
};

/** Brings the chart to the cluster: as an install where the release is absent, as an upgrade where it is there. */
export async function deploy(session: Session, options: DeployOptions): Promise<DeployResult> {
  const prepared = await prepare(session, options);
  await checkSavedPlan(session, options, prepared);
  session.emit({ type: "plan", plan: prepared.plan });
  stopOnHazards(prepared.plan.hazards ?? [], options.ignoreHazards);
  await ensureNamespace(session, prepared.plan);
  return await withRelease(session, options, async (locked, history, waitedFor) => {
    if (!options.waitForLockMs) refuseIfChanged(prepared.history, history, options.release, waitedFor);
    const current = isSame(prepared.history, history) ? prepared : await prepareAgain(locked, options);
    return await run(locked, options, { ...current, history });
  });
}

/** Says what a deploy would do. Changes nothing. */
export async function plan(session: Session, options: DeployOptions): Promise<PlanResult> {
  const prepared = await prepare(session, options);
  await checkSavedPlan(session, options, prepared);
  const { rendered, history } = prepared;
  const plan = { ...(await completePlan(session, options, prepared)), changes: prepared.shown };
  session.emit({ type: "plan", plan });
  const current = lastGood(history);
  return {
    plan,
    hasWork: hasWork(plan),
    manifest: rendered.manifest,
    notes: rendered.notes,
    ...(current ? { current } : {}),
    async save(isSecret = () => false) {
      ensureRepeatable(options.release, rendered, await prepared.renderAgain());
      return await savePlan(await basisOf(session, options, { ...prepared, plan }), session.clock, isSecret);
    },
  };
}

async function checkSavedPlan(
  session: Session,
  options: DeployOptions,
  prepared: Prepared,
  { hasMadeNamespace = false } = {},
): Promise<void> {
  const { asPlanned } = options;
  if (asPlanned === undefined) return;
  const made = await completePlan(session, options, prepared);
  const plan = hasMadeNamespace ? { ...made, createNamespace: asPlanned.createNamespace } : made;
  await ensureAsPlanned(asPlanned, await basisOf(session, options, { ...prepared, plan }));
}

async function prepare(session: Session, options: DeployOptions): Promise<Prepared> {
  checkReleaseName(options.release);
  checkReleaseLabels(options.labels);
  session.emit({ type: "phase", phase: "prepare", message: `Rendering ${referenceOf(options.chart)}` });
  const source = await loadSource(options);
  const rulesOf = rulesReader(session);
  // Asked now, it costs no time.
  void rulesOf(options.namespace);
  const [place, { history, denied }] = await Promise.all([
    findNamespace(session, options),
    readHistory(session, options.release),
  ]);
  const revision = nextRevision(history);
  const isUpgrade = !isInstallAfter(history);
  const withValues = withOldValues(session, source, options, history);
  const render = (emit: Session["emit"]) =>
    renderForCluster({ ...session, emit }, withValues, options, { revision, isUpgrade });
  const rendered = await render(session.emit);
  // What there is to warn of was told.
  const renderAgain = () => render(() => {});
  const definitions = options.skipCrds
    ? []
    : rendered.crds.flatMap(({ content, source: from }) => readDocument(content, from));
  const method = options.method === "auto" ? (readable(history).at(-1)?.applyMethod ?? "csa") : options.method;
  const { release, namespace } = options;
  session.emit({ type: "phase", phase: "plan", message: `Comparing with the cluster` });
  // As they stand in the recorded manifest, with the line break that follows each.
  const desired = rendered.manifests.flatMap(({ content, source: from }) => readDocument(`${content}\n`, from));
  const { changes, shown, hazards } = await planWithHazards(session, options, {
    rendered,
    desired,
    definitions,
    history,
    ...(denied && { denied }),
    method,
    place,
    rulesOf,
  });
  const createNamespace = !place.exists;
  const plan = { release, namespace, revision, changes, createNamespace, warnings: [], hazards };
  return { rendered, definitions, history, plan, shown, method, chart: source.chart, renderAgain };
}

function refuseIfChanged(seen: readonly Release[], now: readonly Release[], name: string, waitedFor?: string): void {
  const newest = now.at(-1);
  if ((seen.at(-1)?.revision ?? 0) === (newest?.revision ?? 0)) return;
  const who = newest?.recordedBy ?? waitedFor ?? "Another tool";
  throw new SlipwayError("RELEASE_EXISTS", `${who} deployed revision ${newest?.revision} of ${name} meanwhile`, {
    hint: "Deploy again: the plan is then made from that revision.",
  });
}

function isSame(seen: readonly Release[], now: readonly Release[]): boolean {
  const text = (history: readonly Release[]) => history.map(({ revision, status }) => `${revision} ${status}`).join();
  return text(seen) === text(now);
}

// The run that ended meanwhile may have changed objects after we looked at them.
async function prepareAgain(session: Session, options: DeployOptions): Promise<Prepared> {
  const prepared = await prepare(session, options);
  // The plan's own namespace is there now.
  await checkSavedPlan(session, options, prepared, { hasMadeNamespace: true });
  session.emit({ type: "plan", plan: prepared.plan });
  stopOnHazards(prepared.plan.hazards ?? [], options.ignoreHazards);
  return prepared;
}

async function run(session: Session, options: DeployOptions, prepared: Prepared): Promise<DeployResult> {
  const { history, plan } = prepared;
  const definitions = prepared.definitions.map(({ object }) => object);
  const good = lastGood(history);
  const isInstall = isInstallAfter(history);
  const release = newRelease(session, options, prepared, isInstall);
  const coming = comingKinds([...definitions, ...plan.changes.flatMap((change) => change.desired ?? [])]);
  const hooks = withKnown(await locateHooks(session, release.hooks, options.namespace, coming), history);
  await prune(session, history, options.historyMax);
  await begin(session, release);
  if (isInstall) await supersedeUninstalled(session, history);
  const attempt: Attempt = { release, history, ...(good ? { good } : {}), changes: plan.changes };
  const outcome = await installAndCarryOut();
  if (!outcome.ok) return await giveUp(session, options, attempt, outcome);
  const done = isInstall ? "Install complete" : "Upgrade complete";
  await recordSuccess(session, release, history, options.description ?? withOrigin(done, options.origin));
  await pruneAfter(session, options, { history, release, changes: plan.changes, isWhole: true });
  return {
    release: options.release,
    namespace: options.namespace,
    status: "deployed",
    revision: release.revision,
    ...(good ? { previousRevision: good.revision } : {}),
    rolledBack: false,
    changes: plan.changes,
    notes: release.notes,
    failures: [],
  };

  async function installAndCarryOut(): Promise<Outcome> {
    const kind = isInstall ? "install" : "upgrade";
    const { name, namespace } = release;
    try {
      const mode = options.upgradeCrds ? "upgrade" : "create";
      await installDefinitions(applyContext(session, options), definitions, mode);
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      return { ok: false, cause: error.message, failures: [], error };
    }
    const owner = { release: name, namespace };
    return await carryOut(
      session,
      {
        owner,
        changes: plan.changes,
        hooks,
        before: `pre-${kind}`,
        after: `post-${kind}`,
        tests: options.test ?? false,
      },
      options,
    );
  }
}

function newRelease(session: Session, options: DeployOptions, prepared: Prepared, isInstall: boolean): Release {
  const now = new Date(session.clock.now()).toISOString();
  const { rendered, history, plan } = prepared;
  return {
    name: options.release,
    namespace: options.namespace,
    revision: plan.revision,
    status: isInstall ? "pending-install" : "pending-upgrade",
    description: isInstall ? "Initial install underway" : "Preparing upgrade",
    firstDeployed: isInstall ? now : (readable(history)[0]?.firstDeployed ?? now),
    lastDeployed: now,
    notes: rendered.notes,
    chart: chartRecord(rendered.chart),
    config: configRecord(rendered.config),
    manifest: rendered.manifest,
    hooks: rendered.hooks.map(hookRecord),
    labels: recordLabels(options, isInstall ? undefined : (history.at(-1)?.labels ?? {})),
    applyMethod: prepared.method,
  };
}

/** `before` is what the revision before has; absent for an install. */
function recordLabels({ labels, origin }: DeployOptions, before?: Record<string, string>): Record<string, string> {
  const given = { ...originLabels(origin, before ?? {}), ...labels };
  return before === undefined ? given : mergeReleaseLabels(before, given);
}
