import type { Change, Plan } from "../plan/types.ts";
import type { Release, ReleaseStatus } from "../release/types.ts";
import type { Failure } from "../rollout/types.ts";
import type { IsSecret } from "./saved-plan/save.ts";
import type { SavedPlan } from "./saved-plan/types.ts";

/** How a use case ended. A rollout that failed is a result, not an exception. */
export type DeployResult = {
  release: string;
  namespace: string;
  /** Of the release as it is now; `uninstalled` where a first install was taken back. */
  status: ReleaseStatus;
  /** The newest recorded revision; 0 where none is left. */
  revision: number;
  /** The revision that ran before, where there was one. */
  previousRevision?: number;
  /** True where a failure was undone. */
  rolledBack: boolean;
  changes: Change[];
  notes: string;
  /** Why it failed, in one line; absent where it succeeded. */
  cause?: string;
  failures: Failure[];
  /** Why taking it back failed too. */
  rollbackCause?: string;
};

export type PlanResult = {
  plan: Plan;
  /** False where a deploy would change nothing and run no hook that is new. */
  hasWork: boolean;
  manifest: string;
  notes: string;
  current?: Release;
  /** What a file has to keep of it. PLAN_UNREPEATABLE where the chart renders something else each time. */
  save(isSecret?: IsSecret): Promise<SavedPlan>;
};
