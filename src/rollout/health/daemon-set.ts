import { numberAt, stringAt } from "../../base/json-path.ts";
import { current, type HealthRule, inProgress, progress } from "./rule.ts";

export const daemonSetHealth: HealthRule = (object) => {
  // Its status is all zeros until the controller has seen it, which would look complete.
  if (numberAt(object, "status", "observedGeneration") === undefined)
    return inProgress("The controller has not seen it yet");
  const count = (field: string) => numberAt(object, "status", field) ?? 0;
  const wanted = count("desiredNumberScheduled");
  const onDelete = stringAt(object, "spec", "updateStrategy", "type") === "OnDelete";

  if (count("currentNumberScheduled") < wanted) return progress(count("currentNumberScheduled"), wanted, "created");
  if (!onDelete && count("updatedNumberScheduled") < wanted) {
    return progress(count("updatedNumberScheduled"), wanted, "updated");
  }
  if (count("numberReady") < wanted) return progress(count("numberReady"), wanted, "ready");
  if (count("numberAvailable") < wanted) return progress(count("numberAvailable"), wanted, "available");
  return current(`${wanted} of ${wanted} replicas are available`);
};
