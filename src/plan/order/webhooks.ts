import { arrayAt, objectAt, stringAt } from "../../base/json-path.ts";
import { groupOf, objectKey } from "../../kube/ref.ts";
import type { KubeObject, ObjectRef } from "../../kube/types.ts";
import type { Change } from "../types.ts";

const kinds: readonly string[] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

export function isWebhookConfiguration({ ref }: Change): boolean {
  return kinds.includes(ref.kind) && groupOf(ref.apiVersion) === "admissionregistration.k8s.io";
}

/** A webhook that this deploy brings, and that refuses what it can't be asked about: `service` has to answer first. */
export type Gate = { configuration: Change; webhook: unknown; service: Change };

/** The webhooks among the changes whose configuration and service both are the chart's, the configuration new. */
export function gatesOf(changes: readonly Change[]): Gate[] {
  const services = new Map(
    changes
      .filter(({ ref, desired }) => ref.kind === "Service" && desired && hasEndpoints(desired))
      .map((change) => [objectKey(change.ref), change]),
  );
  return changes.filter(isNewConfiguration).flatMap((configuration) =>
    arrayAt(configuration.desired, "webhooks").flatMap((webhook) => {
      const service = services.get(objectKey(serviceOf(webhook)));
      const isStrict = (stringAt(webhook, "failurePolicy") ?? "Fail") === "Fail";
      return service !== undefined && isStrict ? [{ configuration, webhook, service }] : [];
    }),
  );
}

// One that is but another name for somewhere else never has any.
function hasEndpoints(service: KubeObject): boolean {
  return stringAt(service, "spec", "type") !== "ExternalName";
}

function isNewConfiguration(change: Change): boolean {
  return change.action === "create" && change.desired !== undefined && isWebhookConfiguration(change);
}

function serviceOf(webhook: unknown): ObjectRef {
  const namespace = stringAt(webhook, "clientConfig", "service", "namespace") ?? "";
  const name = stringAt(webhook, "clientConfig", "service", "name") ?? "";
  return { apiVersion: "v1", kind: "Service", namespace, name };
}

/** Whether writing the object asks the webhook. A namespace's labels aren't known here: its selector counts as met. */
export function isIntercepted({ ref, desired, live }: Change, { webhook }: Gate): boolean {
  if (desired === undefined) return false;
  const operation = live === undefined ? "CREATE" : "UPDATE";
  const [group, version] = ref.apiVersion.includes("/") ? ref.apiVersion.split("/") : ["", ref.apiVersion];
  const isRuled = arrayAt(webhook, "rules").some(
    (rule) =>
      has(rule, "operations", operation) &&
      has(rule, "apiGroups", group ?? "") &&
      has(rule, "apiVersions", version ?? "") &&
      pluralsOf(ref.kind).some((plural) => has(rule, "resources", plural)) &&
      isInScope(stringAt(rule, "scope"), ref),
  );
  return isRuled && meets(desired, objectAt(webhook, "objectSelector"));
}

function has(rule: unknown, field: string, value: string): boolean {
  const listed = arrayAt(rule, field);
  return listed.includes(value) || listed.includes("*") || (field === "resources" && listed.includes("*/*"));
}

function isInScope(scope = "*", ref: ObjectRef): boolean {
  return scope === "*" || (scope === "Namespaced") === (ref.namespace !== undefined);
}

// As Kubernetes itself guesses a kind's resource.
function pluralsOf(kind: string): string[] {
  const name = kind.toLowerCase();
  if (/(s|x|z|ch|sh)$/.test(name)) return [`${name}es`, name];
  return [name.endsWith("y") ? `${name.slice(0, -1)}ies` : `${name}s`, `${name}s`];
}

function meets({ metadata: { labels = {} } }: KubeObject, selector: unknown): boolean {
  const wanted = Object.entries(objectAt(selector, "matchLabels") ?? {});
  return (
    wanted.every(([key, value]) => labels[key] === value) &&
    arrayAt(selector, "matchExpressions").every((expression) => meetsExpression(labels, expression))
  );
}

function meetsExpression(labels: Record<string, string>, expression: unknown): boolean {
  const label = labels[stringAt(expression, "key") ?? ""];
  const isListed = label !== undefined && arrayAt(expression, "values").includes(label);
  switch (stringAt(expression, "operator")) {
    case "In":
      return isListed;
    case "NotIn":
      return !isListed;
    case "Exists":
      return label !== undefined;
    case "DoesNotExist":
      return label === undefined;
    default:
      return true;
  }
}
