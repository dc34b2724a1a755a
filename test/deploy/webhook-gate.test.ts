import { expect, test } from "vitest";
import { freshName } from "../scenarios/world.ts";
import { startCluster } from "./fixture.ts";

const cluster = await startCluster();

const server = (image: string) => `apiVersion: v1
kind: Service
metadata: {name: guard}
spec: {selector: {app: guard}, ports: [{port: 443}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: guard}
spec:
  selector: {matchLabels: {app: guard}}
  template:
    metadata: {labels: {app: guard}}
    spec: {containers: [{name: c, image: "registry.example/${image}"}]}
`;
const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: "widgets.{{ .Release.Namespace }}.example.com"}
spec:
  group: "{{ .Release.Namespace }}.example.com"
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
`;
const webhook = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: "guard-{{ .Release.Namespace }}"}
webhooks:
  - name: guard.example.com
    admissionReviewVersions: [v1]
    sideEffects: None
    clientConfig: {service: {name: guard, namespace: "{{ .Release.Namespace }}"}}
    rules: [{operations: [CREATE], apiGroups: ["{{ .Release.Namespace }}.example.com"], apiVersions: [v1], resources: [widgets]}]
`;
const widget = "apiVersion: {{ .Release.Namespace }}.example.com/v1\nkind: Widget\nmetadata: {name: w}\n";

const chart = (image: string) =>
  cluster.chart({
    "definition.yaml": definition,
    "server.yaml": server(image),
    "webhook.yaml": webhook,
    "widget.yaml": widget,
  });

async function deploy(image: string, ...more: string[]) {
  const asked: string[] = [];
  cluster.watch = ({ method, path }) => void asked.push(`${method} ${path.split("?")[0]?.split("/").at(-1)}`);
  const words = ["deploy", "it", chart(image), "-n", freshName("gate"), "--create-namespace", ...more];
  const ended = await cluster.slipway(...words);
  cluster.watch = undefined;
  return { ended, asked };
}

test("what a new webhook is asked about is written when the webhook's service answers", async () => {
  const { ended, asked } = await deploy("guard:1");
  expect(ended).toMatchObject({ code: 0, err: "" });
  expect(asked).toContain("GET endpointslices");
  expect(asked.indexOf("GET endpointslices")).toBeLessThan(asked.indexOf("POST widgets"));
});

test("it is not written where the service never does, and that is the cause", async () => {
  const { ended, asked } = await deploy("guard:never-ready", "--timeout", "2s", "--set", "a=b");
  expect(ended.code).toBe(1);
  expect(ended.err).toMatch(/^Error: No pod behind Service \S+\/guard got ready within 2 s/);
  expect(asked).toContain("POST validatingwebhookconfigurations");
  expect(asked).not.toContain("POST widgets");
});
