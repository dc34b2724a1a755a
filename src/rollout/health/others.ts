import { arrayAt, stringAt } from "../../base/json-path.ts";
import { conditionOf } from "./conditions.ts";
import { current, failed, type HealthRule, inProgress } from "./rule.ts";

export const claimHealth: HealthRule = (object) => {
  const phase = stringAt(object, "status", "phase") ?? "Pending";
  if (phase === "Bound") return current("The claim is bound");
  if (phase === "Lost") return failed("The claim has lost its volume", "ClaimLost");
  return inProgress("The claim is not bound to a volume yet");
};

export const serviceHealth: HealthRule = (object) => {
  if (stringAt(object, "spec", "type") !== "LoadBalancer") return current("The Service is ready");
  const addresses = [
    ...arrayAt(object, "spec", "externalIPs"),
    ...arrayAt(object, "status", "loadBalancer", "ingress"),
  ];
  return addresses.length > 0
    ? current("The load balancer has an address")
    : inProgress("The load balancer has no address yet");
};

export const definitionHealth: HealthRule = (object) => {
  const names = conditionOf(object, "NamesAccepted");
  if (names?.status === "False") return failed(names.message, names.reason);
  const established = conditionOf(object, "Established");
  if (established?.status === "True") return current("The kind is served");
  // `Installing` is the controller's word for «not yet».
  if (established?.status === "False" && established.reason !== "Installing") {
    return failed(established.message, established.reason);
  }
  return inProgress("The kind is not served yet");
};

export const apiServiceHealth: HealthRule = (object) => {
  const available = conditionOf(object, "Available");
  if (available?.status === "True") return current("The API is available");
  return inProgress(available?.message || "The API is not available yet", available?.reason);
};

export const namespaceHealth: HealthRule = (object) =>
  stringAt(object, "status", "phase") === "Terminating"
    ? { status: "Terminating", message: "The namespace is being deleted" }
    : current("The namespace is active");
