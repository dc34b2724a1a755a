import { expect, test } from "vitest";
import { type NeedsInput, needsOf } from "../../../src/plan/hazards/needs.ts";
import type { Change } from "../../../src/plan/types.ts";

const object = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "prod" } };
const ref = { apiVersion: "apps/v1", kind: "Deployment", name: "web", namespace: "prod" };
const change = (action: Change["action"], more: Partial<Change> = {}): Change => ({
  action,
  ref,
  desired: object,
  operations: [],
  ...more,
});

function verbsFor(changes: Change[], more: Partial<NeedsInput> = {}): string {
  const needs = needsOf({
    changes,
    hooks: [],
    definitions: [],
    release: { namespace: "prod", createNamespace: false, prunes: false },
    waits: false,
    isWatched: () => true,
    served: () => ({ group: "apps", plural: "deployments" }),
    reads: false,
    ...more,
  });
  return needs
    .filter(({ without }) => without === undefined)
    .map(({ verb, resource }) => `${verb} ${resource}`)
    .join(", ");
}

const apply = { patch: { type: "apply" as const, body: {} } };

test.each([
  { name: "what is new", changes: [change("create")], verbs: "create deployments" },
  { name: "what changes", changes: [change("change", { live: object })], verbs: "patch deployments" },
  { name: "what stays", changes: [change("nothing"), change("keep")], verbs: "" },
  { name: "what goes", changes: [change("delete")], verbs: "delete deployments" },
  {
    name: "what is replaced",
    changes: [change("replace")],
    verbs: "list deployments, watch deployments, delete deployments, create deployments",
  },
  { name: "what is applied anew", changes: [change("create", apply)], verbs: "create deployments, patch deployments" },
  {
    name: "what is waited for",
    changes: [change("create")],
    more: { waits: true },
    verbs: "list deployments, watch deployments, create deployments",
  },
  {
    name: "what nobody looks at",
    changes: [change("create")],
    more: { waits: true, isWatched: () => false },
    verbs: "create deployments",
  },
  { name: "a kind that is yet to come", changes: [change("create")], more: { served: () => undefined }, verbs: "" },
  { name: "a hook", changes: [], more: { hooks: [object] }, verbs: "create deployments, delete deployments" },
  { name: "records", changes: [], more: { records: "Secret" as const }, verbs: "create secrets, update secrets" },
  {
    name: "records that may not be read either",
    changes: [],
    more: { records: "ConfigMap" as const, reads: true },
    verbs: "list configmaps, create configmaps, update configmaps",
  },
  {
    name: "a namespace",
    changes: [],
    more: { release: { namespace: "prod", createNamespace: true, prunes: false } },
    verbs: "create namespaces",
  },
])("$name needs $verbs", ({ changes, more, verbs }) => {
  expect(verbsFor(changes, more)).toBe(verbs);
});
