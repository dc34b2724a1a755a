import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { historyOf } from "../scenarios/world.ts";
import { chart, deploy, hazardsOf, made, makeNamespace, world } from "./hazard-place.ts";

const mark = randomBytes(4).toString("hex");

const map = (name: string, data = "{a: b}") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: ${data}\n`;
const badPort =
  "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {a: b}, ports: [{port: 80000}]}\n";
const badLabel = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: labelled, labels: {a: 'no label'}}\n";

const recordedIn = async (namespace: string) =>
  (await world.kube.list("v1", "Secret", { namespace, labels: { owner: "helm" } })).items;

test("a first install that the API server would refuse begins nothing, and tells all that it would refuse", async () => {
  const namespace = await makeNamespace();
  const objects = [map("fine"), badPort, badLabel].join("---\n");
  const told = await hazardsOf(objects, namespace);
  expect(told.map(({ id, ref }) => `${id} ${ref?.kind}`).sort()).toEqual([
    "refused-by-server ConfigMap",
    "refused-by-server Service",
  ]);
  const refused = await deploy(objects, namespace);
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(/spec\.ports\[0\]\.port/);
  expect(refused.err).toContain("and 1 more");
  expect(refused.err).toContain("Nothing was changed");
  expect(await world.kube.get({ apiVersion: "v1", kind: "ConfigMap", namespace, name: "fine" })).toBeUndefined();
  expect(await recordedIn(namespace)).toEqual([]);
});

/** A rule of the cluster, in force for objects that are labelled for it. */
async function makePolicy(): Promise<string> {
  const name = `no-forbidden-${mark}`;
  const apiVersion = "admissionregistration.k8s.io/v1";
  made.push({ kind: "validatingadmissionpolicybinding", name }, { kind: "validatingadmissionpolicy", name });
  const matchConstraints = {
    objectSelector: { matchLabels: { ruled: mark } },
    resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"], operations: ["CREATE"] }],
  };
  const validations = [{ expression: "!('forbidden' in object.data)", message: "forbidden is forbidden" }];
  await world.kube.create({
    apiVersion,
    kind: "ValidatingAdmissionPolicy",
    metadata: { name },
    spec: { failurePolicy: "Fail", matchConstraints, validations },
  });
  await world.kube.create({
    apiVersion,
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name },
    spec: { policyName: name, validationActions: ["Deny"] },
  });
  return name;
}

test("an admission rule's refusal is told before a first install", async () => {
  const namespace = await makeNamespace();
  await makePolicy();
  const ruled = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ruled, labels: {ruled: '${mark}'}}\ndata: {forbidden: x}\n`;
  // The API server takes a moment to put a new rule in force.
  await vi.waitFor(async () => expect(await hazardsOf(ruled, namespace)).toHaveLength(1), {
    timeout: 60_000,
    interval: 300,
  });
  const refused = await deploy(`${map("fine")}---\n${ruled}`, namespace);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain("forbidden is forbidden");
  expect(await recordedIn(namespace)).toEqual([]);
});

const group = `g${mark}.example`;
const definition = (plural: string, kind: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${plural}.${group}}
spec:
  group: ${group}
  scope: Namespaced
  names: {plural: ${plural}, singular: ${kind.toLowerCase()}, kind: ${kind}, listKind: ${kind}List}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`;
const custom = (kind: string) => `apiVersion: ${group}/v1\nkind: ${kind}\nmetadata: {name: one}\nspec: {a: 1}\n`;

/** What stands on its own only once the rest of the chart is there. */
const leaning = `apiVersion: v1
kind: ServiceAccount
metadata: {name: runner}
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: high-${mark}}
value: 10
---
apiVersion: v1
kind: Pod
metadata: {name: runs}
spec:
  serviceAccountName: runner
  priorityClassName: high-${mark}
  containers: [{name: web, image: "web:1"}]
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: few}
spec: {hard: {configmaps: "20"}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reads}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reads}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reads}
subjects: [{kind: ServiceAccount, name: runner, namespace: NS}]
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: in-${mark}}
spec: {controller: example.com/none}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec: {ingressClassName: in-${mark}, defaultBackend: {service: {name: web, port: {number: 80}}}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {a: b}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: NS-own}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: elsewhere, namespace: NS-own}
---
${definition("widgets", "Widget")}---
${custom("Widget")}---
${custom("Gadget")}`;

test.each([
  { namespace: "that is there", createNamespace: false },
  { namespace: "that is yet to be made", createNamespace: true },
])("no false alarm for what the chart itself brings, in a namespace $namespace", async ({ createNamespace }) => {
  const namespace = createNamespace ? `first-${mark}` : await makeNamespace();
  made.push({ kind: "namespace", name: `${namespace}-own` }, { kind: "namespace", name: namespace });
  for (const kind of ["priorityclass/high-", "ingressclass/in-"]) {
    const [which = "", name = ""] = kind.split("/");
    made.push({ kind: which, name: `${name}${mark}` });
  }
  for (const plural of ["widgets", "gadgets"]) made.push({ kind: "crd", name: `${plural}.${group}` });
  const path = chart(leaning, namespace);
  mkdirSync(join(path, "crds"));
  writeFileSync(join(path, "crds/gadgets.yaml"), definition("gadgets", "Gadget"));
  const place = ["it", path, "-n", namespace, ...(createNamespace ? ["--create-namespace"] : [])];

  const planned = await world.slipway("plan", ...place, "-o", "json");
  expect(planned).toMatchObject({ code: 0, err: "" });
  expect(JSON.parse(planned.out).hazards).toEqual([]);
  expect(await world.slipway("deploy", ...place, "--timeout", "60s")).toMatchObject({ code: 0, err: "" });
  expect(await historyOf(world, "it", namespace)).toMatchObject([{ status: "deployed" }]);
  expect(await world.slipway("uninstall", "it", "-n", namespace, "--wait")).toMatchObject({ code: 0, err: "" });
  await world.kubectl("delete", "crd", `gadgets.${group}`, `widgets.${group}`, "--ignore-not-found");
});
