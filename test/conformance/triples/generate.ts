import fc from "fast-check";
import type { JsonObject } from "../../../src/base/json-path.ts";
import type { Draft, Edit, Triple } from "./triple.ts";

const word = fc.constantFrom("a", "b", "c", "d");
const digit = fc.constantFrom("1", "2", "3");
const optional = (members: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<JsonObject> =>
  fc.record(members, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
const keyed = (key: string, element: fc.Arbitrary<JsonObject>, minLength = 0, maxLength = 4) =>
  fc.uniqueArray(element, { selector: (each) => each[key], minLength, maxLength });
const texts = fc.dictionary(word, digit, { maxKeys: 4 });
const element = (key: string, value: fc.Arbitrary<unknown>, rest: Record<string, fc.Arbitrary<unknown>> = {}) =>
  fc.record({ [key]: value, ...rest }, { requiredKeys: [key] }) as fc.Arbitrary<JsonObject>;

// All states of one object may be mixed by a patch, so what one names every other has.
const mounts = keyed(
  "mountPath",
  element("mountPath", fc.constantFrom("/a", "/b", "/c"), { readOnly: fc.boolean() }),
).map((list) => list.map((mount) => ({ ...mount, name: "data" })));
const resources = optional({
  limits: optional({ cpu: fc.constantFrom("4", "5000m", 6) }),
  requests: optional({ cpu: fc.constantFrom("1", "100m") }),
});
const container = element("name", word, {
  args: fc.array(word, { maxLength: 3 }),
  env: keyed("name", element("name", word, { value: digit })),
  ports: keyed("containerPort", element("containerPort", fc.constantFrom(80, 443, 8080))),
  volumeMounts: mounts,
  resources,
  workingDir: fc.constantFrom("/a", "/b"),
}).chain((each) => digit.map((tag) => ({ image: `registry.example/${String(each["name"])}:${tag}`, ...each })));
const toleration = element("key", word, { operator: fc.constant("Exists") }).map((each) => ({
  operator: "Exists",
  ...each,
}));
const podSpec = fc.record(
  {
    containers: keyed("name", container, 1),
    initContainers: keyed("name", element("name", fc.constantFrom("x", "y"), { args: fc.array(word) }), 0, 2).map(
      (list) => list.map((each) => ({ ...each, image: "registry.example/init:1" })),
    ),
    volumes: fc
      .constantFrom<JsonObject>(
        { emptyDir: {} },
        { emptyDir: { medium: "Memory" } },
        { configMap: { name: "a" } },
        { secret: { secretName: "a" } },
      )
      .map((source) => [{ name: "data", ...source }]),
    imagePullSecrets: keyed("name", element("name", word)),
    hostAliases: keyed(
      "ip",
      element("ip", fc.constantFrom("192.0.2.1", "192.0.2.2"), { hostnames: fc.array(word, { maxLength: 2 }) }),
    ),
    tolerations: fc.array(toleration, { maxLength: 2 }),
    nodeSelector: texts,
    priorityClassName: fc.constantFrom("a", "b"),
    terminationGracePeriodSeconds: fc.nat(9),
  },
  { requiredKeys: ["containers", "volumes"] },
) as fc.Arbitrary<JsonObject>;

const labels = { app: "x" };
const template = podSpec.map((spec) => ({ metadata: { labels }, spec }));
const metadata = optional({
  labels: texts,
  annotations: texts,
  finalizers: fc.uniqueArray(fc.constantFrom("example.com/a", "example.com/b", "example.com/c"), { maxLength: 3 }),
});
type Body = Record<string, fc.Arbitrary<unknown>>;
const kind = (apiVersion: string, name: string, body: Body): fc.Arbitrary<Draft> =>
  fc.record({ apiVersion: fc.constant(apiVersion), kind: fc.constant(name), metadata, ...body }) as fc.Arbitrary<Draft>;
const workload = (name: string, rest: Body, certain: JsonObject) =>
  kind("apps/v1", name, {
    spec: fc
      .record({ template, rest: optional(rest) })
      .map((each) => ({ ...certain, selector: { matchLabels: labels }, template: each.template, ...each.rest })),
  });
const rules = fc.array(
  fc.record({
    apiGroups: fc.constant([""]),
    resources: fc.uniqueArray(fc.constantFrom("pods", "services"), { minLength: 1 }),
    verbs: fc.uniqueArray(fc.constantFrom("get", "list"), { minLength: 1 }),
  }),
  { maxLength: 3 },
);
const open = optional({
  a: fc.nat(9),
  b: texts,
  c: fc.array(optional({ a: word, b: fc.nat(3) }), { maxLength: 3 }),
  d: fc.boolean(),
});

/** Kinds with objects of them that the API server takes, also after any mixture of two. */
const kinds: fc.Arbitrary<Draft>[] = [
  workload(
    "Deployment",
    { minReadySeconds: fc.nat(5), revisionHistoryLimit: fc.nat(5), paused: fc.constant(true) },
    { replicas: 0 },
  ),
  workload("StatefulSet", { minReadySeconds: fc.nat(5) }, { replicas: 0, serviceName: "web" }),
  kind("v1", "PodTemplate", { template }),
  kind("v1", "ConfigMap", { data: texts }),
  kind("v1", "Secret", { stringData: texts }),
  kind("v1", "ServiceAccount", {
    imagePullSecrets: fc.array(element("name", word), { maxLength: 3 }),
    secrets: keyed("name", element("name", word)),
  }),
  kind("v1", "Service", {
    spec: fc
      .record({
        ports: keyed(
          "port",
          element("port", fc.constantFrom(80, 443, 8080), { targetPort: fc.constantFrom(1, 2, "a") }),
          1,
        ),
        selector: texts,
        rest: optional({ sessionAffinity: fc.constant("ClientIP"), publishNotReadyAddresses: fc.boolean() }),
      })
      .map(({ ports, selector, rest }) => ({
        selector,
        ...rest,
        ports: ports.map((port) => ({ ...port, name: `p${String(port["port"])}` })),
      })),
  }),
  kind("v1", "ResourceQuota", {
    spec: optional({
      hard: fc.dictionary(fc.constantFrom("pods", "services", "secrets"), fc.constantFrom("5k", "6000"), {
        maxKeys: 3,
      }),
    }),
  }),
  kind("networking.k8s.io/v1", "NetworkPolicy", {
    spec: fc
      .record({
        matchLabels: texts,
        ingress: fc.array(
          optional({
            ports: fc.array(
              element(
                "port",
                fc.nat(9).map((n) => n + 1),
              ),
              { maxLength: 2 },
            ),
          }),
          { maxLength: 2 },
        ),
      })
      .map(({ matchLabels, ingress }) => ({ podSelector: { matchLabels }, ingress })),
  }),
  kind("rbac.authorization.k8s.io/v1", "Role", { rules }),
  kind("rbac.authorization.k8s.io/v1", "ClusterRole", { rules }),
  kind("scheduling.k8s.io/v1", "PriorityClass", { value: fc.constant(5), description: word }),
  kind("policy/v1", "PodDisruptionBudget", {
    spec: fc.record({ minAvailable: fc.nat(5), selector: texts.map((matchLabels) => ({ matchLabels })) }),
  }),
  kind("triples.example.com/v1", "Gadget", { spec: open }),
];

/** What somebody else writes to the object: another state of it, without what the API server would refuse in a mixture. */
function fieldsOf(draft: Draft, leftOut: readonly string[]): JsonObject {
  const { apiVersion: _, kind, metadata: marks, ...rest } = draft;
  const { finalizers: __, ...plain } = marks as JsonObject;
  // What Helm 3 does with changes of custom objects, the table says.
  const body = kind === "Gadget" ? {} : rest;
  const kept = (key: string, value: unknown) => (leftOut.includes(key) ? undefined : value);
  return JSON.parse(JSON.stringify({ metadata: plain, ...body }, kept));
}

/** One object's life, drawn by lot. */
export const generatedTriple: fc.Arbitrary<Triple> = fc
  .constantFrom(...kinds)
  .chain((state) =>
    fc.record({
      old: state,
      hand: state,
      next: state,
      how: fc.constantFrom("left alone", "left alone", "patched", "replaced", "deleted"),
    }),
  )
  .map(({ old, hand, next, how }) => ({ name: `${old.kind}: ${how}`, old, edits: editsOf(how, old, hand), next }));

function editsOf(how: string, old: Draft, hand: Draft): Edit[] {
  if (how === "left alone") return [];
  // One with finalizers would never go.
  if (how === "deleted") return (old["metadata"] as JsonObject)["finalizers"] === undefined ? ["delete"] : [];
  // A container that goes and comes back while the chart takes something out of it can't be patched, by Helm neither.
  return how === "replaced"
    ? [{ patch: fieldsOf(hand, ["volumes", "containers", "initContainers"]), as: "merge" }]
    : [{ patch: fieldsOf(hand, ["volumes"]) }];
}
