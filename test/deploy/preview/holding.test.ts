import { expect, test } from "vitest";
import { whatHolds } from "../../../src/deploy/preview/holding.ts";

type Condition = { type: string; status: string; message: string };

const is = (type: string, message: string, status = "True"): Condition => ({ type, status, message });

test.each<[string, Condition[], string[] | undefined, string[]]>([
  ["nothing yet", [], undefined, []],
  [
    "nothing, as a controller says",
    [is("NamespaceDeletionDiscoveryFailure", "All resources successfully discovered", "False")],
    undefined,
    [],
  ],
  [
    "finalizers of what is in it",
    [
      is("NamespaceContentRemaining", "Some resources are remaining: widgets.example.com has 1 resource instances"),
      is(
        "NamespaceFinalizersRemaining",
        "Some content in the namespace has finalizers remaining: example.com/keep in 1 resource instances",
      ),
    ],
    undefined,
    [
      "finalizers hold what is in it: Some content in the namespace has finalizers remaining: example.com/keep in 1 resource instances",
    ],
  ],
  [
    "an API that is down",
    [
      is("NamespaceContentRemaining", "Some resources are remaining"),
      is("NamespaceDeletionDiscoveryFailure", "Discovery failed for some groups, 1 failing: metrics.k8s.io/v1beta1"),
    ],
    undefined,
    [
      "an API of the cluster doesn't answer, so nobody knows what is left: Discovery failed for some groups, 1 failing: metrics.k8s.io/v1beta1",
    ],
  ],
  [
    "a webhook",
    [
      is(
        "NamespaceDeletionContentFailure",
        'Failed to delete all resource types, 1 remaining: admission webhook "no" denied the request',
      ),
    ],
    undefined,
    [
      'something in it can\'t be deleted, as where a webhook refuses it: Failed to delete all resource types, 1 remaining: admission webhook "no" denied the request',
    ],
  ],
  [
    "only that it is not empty yet",
    [is("NamespaceContentRemaining", "pods. has 2")],
    undefined,
    ["it is not empty yet: pods. has 2"],
  ],
  ["finalizers of its own", [], ["example.com/guard"], ["its own finalizers hold it: example.com/guard"]],
])("what holds a namespace: %s", (_, conditions, finalizers, lines) => {
  const metadata = { name: "pr-1", ...(finalizers && { finalizers }) };
  expect(whatHolds({ apiVersion: "v1", kind: "Namespace", metadata, status: { conditions } })).toEqual(lines);
});
