import fc from "fast-check";
import type { JsonObject } from "../../../src/base/json-path.ts";
import type { ThreeStates } from "../../../src/kube/patch/three-way.ts";

/** A kind, and three states of an object of it that have much in common. */
export type PatchCase = { apiVersion: string; kind: string; states: ThreeStates };

const word = fc.constantFrom("a", "b", "c", "d");
const number = fc.constantFrom(80, 443, 8080, 9090);
const optional = (members: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<JsonObject> =>
  fc.record(members, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
const required = (key: string, value: fc.Arbitrary<unknown>, members: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({ [key]: value, ...members }, { requiredKeys: [key] }) as fc.Arbitrary<JsonObject>;
/** A merged list: no two elements with one key. */
const keyed = (key: string, element: fc.Arbitrary<JsonObject>, maxLength = 4) =>
  fc.uniqueArray(element, { selector: (each) => each[key], maxLength });
const labels = fc.dictionary(fc.constantFrom("app", "tier", "constructor", "x"), word, { maxKeys: 3 });

const env = required("name", word, { value: word, valueFrom: optional({ fieldRef: optional({ fieldPath: word }) }) });
const port = required("containerPort", number, { name: word, protocol: fc.constantFrom("TCP", "UDP") });
const mount = required("mountPath", word, { name: word, readOnly: fc.boolean() });
const container = required("name", word, {
  image: word,
  args: fc.array(word, { maxLength: 3 }),
  env: keyed("name", env),
  ports: keyed("containerPort", port),
  volumeMounts: keyed("mountPath", mount),
  resources: optional({ limits: optional({ cpu: word, memory: word }), requests: optional({ cpu: word }) }),
});
const volume = required("name", word, {
  emptyDir: optional({ medium: word }),
  configMap: optional({ name: word, items: fc.array(optional({ key: word, path: word }), { maxLength: 2 }) }),
});
const podSpec = optional({
  containers: keyed("name", container),
  initContainers: keyed("name", container, 2),
  volumes: keyed("name", volume),
  imagePullSecrets: keyed("name", required("name", word, {})),
  nodeSelector: labels,
  tolerations: fc.array(optional({ key: word, value: word }), { maxLength: 2 }),
});
const metadata = fc.record(
  {
    name: fc.constant("object"),
    labels,
    annotations: labels,
    finalizers: fc.uniqueArray(word, { maxLength: 4 }),
    ownerReferences: keyed("uid", required("uid", word, { name: word, controller: fc.boolean() })),
  },
  { requiredKeys: ["name"] },
);
const strategy = optional({ type: word, rollingUpdate: optional({ maxSurge: number, maxUnavailable: number }) });

const bodies: Record<string, [apiVersion: string, kind: string, body: Record<string, fc.Arbitrary<unknown>>]> = {
  deployment: [
    "apps/v1",
    "Deployment",
    {
      spec: optional({
        replicas: number,
        strategy,
        template: optional({ metadata: optional({ labels }), spec: podSpec }),
      }),
    },
  ],
  service: [
    "v1",
    "Service",
    {
      spec: optional({
        type: word,
        selector: labels,
        ports: keyed("port", required("port", number, { name: word, targetPort: fc.oneof(number, word) })),
        externalIPs: fc.array(word, { maxLength: 3 }),
      }),
    },
  ],
  budget: [
    "policy/v1",
    "PodDisruptionBudget",
    { spec: optional({ minAvailable: number, selector: optional({ matchLabels: labels }) }) },
  ],
  serviceAccount: [
    "v1",
    "ServiceAccount",
    {
      secrets: keyed("name", required("name", word, { namespace: word })),
      imagePullSecrets: fc.array(optional({ name: word }), { maxLength: 3 }),
    },
  ],
  configMap: ["v1", "ConfigMap", { data: labels, immutable: fc.boolean() }],
  custom: [
    "example.com/v1",
    "Widget",
    {
      spec: optional({
        size: number,
        parts: fc.array(optional({ name: word, size: number }), { maxLength: 3 }),
        options: labels,
      }),
    },
  ],
};

export const patchCase: fc.Arbitrary<PatchCase> = fc
  .constantFrom(...Object.values(bodies))
  .chain(([apiVersion, kind, body]) => {
    const state = fc.record(
      { apiVersion: fc.constant(apiVersion), kind: fc.constant(kind), metadata, ...body },
      { requiredKeys: ["apiVersion", "kind", "metadata"] },
    ) as fc.Arbitrary<JsonObject>;
    return fc
      .record({ original: state, modified: state, live: state })
      .map((states) => ({ apiVersion, kind, states: JSON.parse(JSON.stringify(states)) as ThreeStates }));
  });
