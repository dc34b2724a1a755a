import { getState, saveState } from "@actions/core";
import { isJsonObject, numberAt, stringAt } from "../base/json-path.ts";

/** What `main` leaves for `post`: the runner keeps it also when `main` was killed. */
export type JobState = {
  namespace: string;
  /** The revisions that this run recorded, oldest first. */
  own: number[];
  /** True once there is nothing left to finish. */
  done: boolean;
  /** True once it has told how it ended. */
  wasTold: boolean;
  /** A deployment on GitHub that still says that it is in progress. */
  deployment?: OpenDeployment;
};

export type OpenDeployment = { repository: string; id: number };

const isPostKey = "isPost";
const runKey = "run";

/** True in `post`: both are the same file, and the runner tells them apart only by the state that `main` saved. */
export function isPost(): boolean {
  return getState(isPostKey) === "true";
}

export function markPost(): void {
  saveState(isPostKey, "true");
}

/** Written to the disk at once, so that it outlives this process; the last state counts. */
export function saveJobState(state: JobState): void {
  saveState(runKey, JSON.stringify(state));
}

/** `undefined` where `main` ended before it began anything. */
export function loadJobState(): JobState | undefined {
  const text = getState(runKey);
  if (text === "") return undefined;
  const state: unknown = JSON.parse(text);
  if (!isJsonObject(state)) return undefined;
  const { namespace, own, done, wasTold } = state;
  if (typeof namespace !== "string" || !Array.isArray(own)) return undefined;
  const deployment = openDeployment(state["deployment"]);
  const revisions = own.filter((revision) => typeof revision === "number");
  return { namespace, own: revisions, done: done === true, wasTold: wasTold === true, ...deployment };
}

function openDeployment(value: unknown): Pick<JobState, "deployment"> {
  const [repository, id] = [stringAt(value, "repository"), numberAt(value, "id")];
  return repository === undefined || id === undefined ? {} : { deployment: { repository, id } };
}

/** True where `post` has something to do. */
export function isUnfinished({ done, own, deployment }: JobState): boolean {
  return deployment !== undefined || (!done && own.length > 0);
}
