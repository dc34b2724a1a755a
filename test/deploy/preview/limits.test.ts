import { expect, test } from "vitest";
import { parseSecretNames } from "../../../src/deploy/preview/copy-secrets.ts";
import { limitObjects, parseQuota } from "../../../src/deploy/preview/limits.ts";

test.each([
  [["pods=20"], { pods: "20" }],
  [["requests.cpu = 2", "limits.memory=4Gi"], { "requests.cpu": "2", "limits.memory": "4Gi" }],
  [["count/deployments.apps=5", "cpu=500m"], { "count/deployments.apps": "5", cpu: "500m" }],
])("the quota %j", (entries, hard) => expect(parseQuota(entries)).toEqual(hard));

test.each(["pods", "=1", "pods=many things", "a b=1"])("%j is no quota", (entry) => {
  expect(() => parseQuota([entry])).toThrow("is not a part of a quota");
});

test.each([
  ["none", { quota: {} }, []],
  ["a quota", { quota: { pods: "2" } }, [{ kind: "ResourceQuota", spec: { hard: { pods: "2" } } }]],
  [
    "traffic from its own pods alone",
    { quota: {}, reachableFrom: [] },
    [{ kind: "NetworkPolicy", spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] } }],
  ],
  [
    "traffic from an ingress controller, too",
    { quota: {}, reachableFrom: ["ingress"] },
    [
      {
        spec: {
          ingress: [
            {
              from: [
                { podSelector: {} },
                { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress" } } },
              ],
            },
          ],
        },
      },
    ],
  ],
])("limits: %s", (_, limits, objects) => expect(limitObjects(limits, "pr-1")).toMatchObject(objects));

test("Secrets to copy", () => {
  expect(parseSecretNames(["shared/pull.secret"])).toEqual([{ namespace: "shared", name: "pull.secret" }]);
  for (const entry of ["pull", "a/b/c", "A/b", "a/", "a/../b"])
    expect(() => parseSecretNames([entry])).toThrow("names no Secret to copy");
});
