import type { Clock } from "../base/clock.ts";
import type { Program } from "../base/run-program.ts";
import type { ChartSource } from "../chart/chart-source.ts";
import type { ApplyMethod, KubeClient } from "../kube/types.ts";
import type { ReplaceImmutable } from "../plan/hazards/types.ts";
import type { ForceConflicts } from "../plan/take-over.ts";
import type { ReleaseDriver } from "../release/types.ts";
import type { ConfigRollout } from "../render/config-rollout/config-rollout.ts";
import type { HelmVersion } from "../render/types.ts";
import type { ValueSources } from "../values/collect-values.ts";
import type { DeployEvent } from "./events.ts";
import type { Origin } from "./origin.ts";
import type { ValueReuse } from "./reuse-values.ts";
import type { SavedPlan } from "./saved-plan/types.ts";

/** What every use case works with. */
export type Session = {
  kube: KubeClient;
  driver: ReleaseDriver;
  clock: Clock;
  /** Aborts when the user cancels; what was begun is then recorded as failed. */
  signal: AbortSignal;
  emit: (event: DeployEvent) => void;
  /** A link to the run, for whoever finds the release locked. */
  run?: string;
};

/** How a change of the cluster is carried out and judged. */
export type CarryOutOptions = {
  /** A revision that fails and is kept loses the objects that it created. */
  cleanupOnFail?: boolean;
  /** What the chart no longer has stays. */
  noPrune?: boolean;
  /** Objects are sent whole, in place of patches; not with server-side apply. */
  forceReplace?: boolean;
  /** How long to wait for another run that is changing the release; 0 where absent. */
  waitForLockMs?: number;
  /** For the rollout, and for each hook. */
  timeoutMs: number;
  /** Watches the rollout; without it a revision counts as deployed when the server has taken all objects. */
  wait: boolean;
  /** Jobs of the chart, apart from hooks, have to complete too. */
  waitForJobs: boolean;
  hooks: boolean;
  /** What server-side apply takes over from other managers: all, or the fields of `[KIND[/NAME]:]PATH`. */
  forceConflicts?: ForceConflicts;
  /** What of objects that can't be changed is deleted and created anew; `jobs` where absent. */
  replaceImmutable?: ReplaceImmutable;
};

export type OnFailure = "rollback" | "keep";

export type DeployOptions = CarryOutOptions & {
  release: string;
  namespace: string;
  createNamespace: boolean;
  /** A path, or more than that of where it comes from. */
  chart: string | ChartSource;
  values: ValueSources;
  /** What of the running revision's values an upgrade takes over; `auto` where absent. */
  reuse?: ValueReuse;
  onFailure: OnFailure;
  /** Revisions to keep; 0 keeps all. */
  historyMax: number;
  /** Ids of hazards that do not stop it; `all` for every one. */
  ignoreHazards?: readonly string[];
  takeOwnership: boolean;
  skipCrds: boolean;
  /** Definitions under `crds/` that are there are brought up to date; else they stay as they are, as in Helm. */
  upgradeCrds?: boolean;
  /** Runs the chart's tests when all else is done; a test that fails is a deploy that failed. */
  test?: boolean;
  /** How a change of a ConfigMap or Secret reaches the pods; not at all where absent. */
  configRollout?: ConfigRollout;
  /** `auto` goes on as the last revision was written. */
  method: ApplyMethod | "auto";
  helm: HelmVersion;
  /** Of the revision, where it succeeds; Helm's words, with the origin, where absent. */
  description?: string;
  /** What is deployed by whom: in the record's labels, and in the description that nobody gave. */
  origin?: Origin;
  labels: Record<string, string>;
  skipSchemaValidation: boolean;
  /** `getHostByName` in templates asks the network. */
  enableDns?: boolean;
  /** NOTES.txt of subcharts too. */
  subchartNotes?: boolean;
  /** Deploys only what this plan says: PLAN_CHANGED where anything that it was made from is another now. */
  asPlanned?: SavedPlan;
  /** A program that all that is rendered goes through. */
  postRenderer?: Program;
};

/** What a deploy does where nobody says otherwise, as of the CLI's flags and the action's inputs. Five minutes of patience. */
export const deployDefaults = {
  createNamespace: false,
  onFailure: "rollback",
  historyMax: 10,
  takeOwnership: false,
  skipCrds: false,
  method: "auto",
  helm: "4",
  labels: {},
  skipSchemaValidation: false,
  timeoutMs: 300_000,
  wait: true,
  waitForJobs: false,
  hooks: true,
} as const satisfies Partial<DeployOptions>;
