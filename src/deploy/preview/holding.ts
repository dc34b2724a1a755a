import { arrayAt, stringAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";

const conditionWords: Readonly<Record<string, string>> = {
  NamespaceDeletionDiscoveryFailure: "an API of the cluster doesn't answer, so nobody knows what is left",
  NamespaceDeletionGroupVersionParsingFailure: "an API of the cluster has a version that can't be read",
  NamespaceDeletionContentFailure: "something in it can't be deleted, as where a webhook refuses it",
  NamespaceContentRemaining: "it is not empty yet",
  NamespaceFinalizersRemaining: "finalizers hold what is in it",
};
// Finalizers are the cause where there are some; that something is left says nothing then.
const order = Object.keys(conditionWords);

/** Why a namespace that was deleted is still there, from its own conditions: a line for each, the causes first. */
export function whatHolds(namespace: KubeObject): string[] {
  const told = arrayAt(namespace, "status", "conditions")
    .filter((condition) => stringAt(condition, "status") === "True")
    .map((condition) => ({ type: stringAt(condition, "type") ?? "", message: stringAt(condition, "message") ?? "" }))
    .filter(({ type }) => Object.hasOwn(conditionWords, type));
  const hasCause = told.some(({ type }) => type !== "NamespaceContentRemaining");
  const lines = told
    .filter(({ type }) => !hasCause || type !== "NamespaceContentRemaining")
    .sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type))
    .map(({ type, message }) => `${conditionWords[type]}${message ? `: ${message}` : ""}`);
  const own = namespace.metadata.finalizers ?? [];
  return own.length === 0 ? lines : [...lines, `its own finalizers hold it: ${own.join(", ")}`];
}
