import { numberAt, stringAt } from "../../base/json-path.ts";
import { conditionOf } from "./conditions.ts";
import { current, failed, type HealthRule, inProgress } from "./rule.ts";

export const jobHealth: HealthRule = (object, { waitForJobs = false }) => {
  const count = (field: string) => numberAt(object, "status", field) ?? 0;
  const wanted = numberAt(object, "spec", "completions") ?? numberAt(object, "spec", "parallelism") ?? 1;
  const pods = `${count("succeeded")} of ${wanted} pods have succeeded`;

  if (conditionOf(object, "Complete")?.status === "True") return current(`The Job is complete: ${pods}`);
  // FailureTarget comes first: the Job has failed, and its pods are still being ended.
  for (const type of ["Failed", "FailureTarget"]) {
    const failure = conditionOf(object, type);
    if (failure?.status === "True")
      return failed(failure.message || "The Job has failed", failure.reason || "JobFailed");
  }
  if (stringAt(object, "status", "startTime") === undefined) return inProgress("The Job has not started");
  const message = `${pods}, ${count("active")} active, ${count("failed")} failed`;
  return waitForJobs ? inProgress(message) : current(`The Job runs: ${message}`);
};
