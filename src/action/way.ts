import type { Annotation } from "../report/annotation.ts";
import type { Observer } from "../report/observations.ts";
import type { ErrorFacts, Story } from "../report/story.ts";
import type { ActionLog } from "./action-log.ts";
import type { Cancellation } from "./cancellation.ts";
import type { SaveCharts } from "./chart-cache.ts";
import type { DeploymentLife } from "./github-deployment.ts";
import type { ActionInputs } from "./inputs.ts";
import type { JobState, OpenDeployment } from "./job-state.ts";
import type { Redact } from "./masking.ts";
import type { Opened } from "./open.ts";
import type { Outputs } from "./output-table.ts";

/** One run of the action, from what it knows at first to how it ended. */
export type Run = {
  env: NodeJS.ProcessEnv;
  redact: Redact;
  /** From here on the text is masked wherever something is told. */
  keepSecret: (secret: string) => void;
  log: ActionLog;
  seen: Observer;
  /** Absent until they could be read. */
  inputs: ActionInputs | undefined;
  namespace: string;
  /** The revisions that it recorded, oldest first: `post` finishes them where it is cut off. */
  own: number[];
  ended: Pick<JobState, "done" | "wasTold">;
  planned: Story["changes"];
  cancellation: Cancellation;
  /** What GitHub is told of the deploy, where it is told. */
  deployment?: DeploymentLife;
  /** Begun on GitHub and not ended yet: `post` does that where this run can't. */
  openDeployment?: OpenDeployment | undefined;
  /** Keeps the charts that were fetched for the next run. */
  saveCharts?: SaveCharts | undefined;
  /** Writes down for `post` how far the run is. */
  remember(): void;
};

/** How a run ended, free of secrets, in the form of each place that tells it. */
export type Telling = {
  failed: boolean;
  /** Those that are left out are set to nothing; none is set where there is no later step. */
  outputs?: Partial<Outputs>;
  /** Markdown for the job summary. */
  summary: string;
  /** What folds in the log. */
  groups?: readonly { title: string; lines: readonly string[] }[];
  /** The end of the log; each is one line of plain text, the last says how it ended. */
  lines: readonly string[];
  /** An error where it names no other level. */
  annotation?: Annotation;
  /** All of them in place of the one, the most important first. */
  annotations?: readonly Annotation[];
  /** `post` has to finish what was begun; the text says so. */
  unfinished?: { told?: string };
  /** Tells it outside of the run, once all of this is written; what became of that, a line each. */
  elsewhere?(): Promise<readonly string[]>;
};

/** The way of a command between connecting and its end. A command over one release takes `releaseWay`. */
export type Way = {
  /** Carries it out. What comes back tells how it ended; it is called once, with the run as it is then. */
  carryOut(run: Run, inputs: ActionInputs, opened: Opened): Promise<(run: Run) => Telling>;
  /** Tells that it could not be, or that it was cut off; the inputs may be unread. */
  fail(run: Run, error: ErrorFacts): Telling;
};
