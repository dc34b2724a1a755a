import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { refOf } from "../../src/kube/ref.ts";
import type { World } from "../scenarios/tools.ts";
import { freshName, openWorld } from "../scenarios/world.ts";
import { freePort } from "./free-port.ts";
import { type Certificate, makeCertificate, routedAddress, sliceOf, startRoutedServer } from "./routed-server.ts";

const patience = { timeout: 60_000, interval: 100 };

let world: World;
let folder: string;
let server: Awaited<ReturnType<typeof startRoutedServer>> | undefined;
const namespace = freshName("guard");
const group = `${namespace}.example`;

beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
  folder = mkdtempSync(join(tmpdir(), "slipway-webhook-"));
});
afterAll(async () => {
  server?.close();
  const gone = ["crd", `widgets.${group}`, "--ignore-not-found", "--wait=false"];
  await world.kubectl("delete", "validatingwebhookconfiguration", namespace, "--ignore-not-found");
  await world.kubectl("delete", ...gone);
  await world.kubectl("delete", "namespace", namespace, "--ignore-not-found", "--wait=false");
  rmSync(folder, { recursive: true, force: true });
});

/** A webhook that allows all, once it is reached; `asked` has the names that it was asked about. */
async function startWebhook(certificate: Certificate, port: number): Promise<{ asked: string[] }> {
  const asked: string[] = [];
  // As long as the way to a new endpoint is not laid everywhere, connections break.
  server = await startRoutedServer(certificate, { port, broken: 2 }, (request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    request.on("end", () => {
      const { uid, name } = (JSON.parse(text) as { request: { uid: string; name: string } }).request;
      asked.push(name);
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({
          apiVersion: "admission.k8s.io/v1",
          kind: "AdmissionReview",
          response: { uid, allowed: true },
        }),
      );
    });
  });
  return { asked };
}

function writeChart(port: number, certificate: string): string {
  const files = {
    "Chart.yaml": "apiVersion: v2\nname: it\nversion: 1.0.0\n",
    "templates/all.yaml": `apiVersion: v1
kind: Service
metadata: {name: guard}
spec: {ports: [{port: 443, targetPort: ${port}}]}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.${group}}
spec:
  group: ${group}
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget, listKind: WidgetList}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: ${namespace}}
webhooks:
  - name: guard.example.com
    admissionReviewVersions: [v1]
    sideEffects: None
    timeoutSeconds: 5
    clientConfig: {service: {name: guard, namespace: ${namespace}}, caBundle: ${Buffer.from(certificate).toString("base64")}}
    rules: [{operations: [CREATE], apiGroups: [${group}], apiVersions: [v1], resources: [widgets]}]
---
apiVersion: ${group}/v1
kind: Widget
metadata: {name: one}
`,
  };
  mkdirSync(join(folder, "chart/templates"), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, "chart", name), text);
  return join(folder, "chart");
}

const widget = (name: string) => ({ apiVersion: `${group}/v1`, kind: "Widget", metadata: { name, namespace } });
const configuration = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingWebhookConfiguration",
  name: namespace,
};

test.skipIf(routedAddress === undefined)(
  "what a chart's own webhook is asked about is written when the API server reaches it",
  { timeout: 180_000 },
  async () => {
    const port = await freePort();
    const certificate = makeCertificate(folder, "guard", namespace);
    const chart = writeChart(port, readFileSync(certificate.cert, "utf8"));
    let isDone = false;
    const deploying = world
      .slipway("deploy", "it", chart, "-n", namespace, "--create-namespace", "--timeout", "2m")
      .finally(() => {
        isDone = true;
      });
    await vi.waitFor(async () => expect(await world.kube.get(configuration)).toBeDefined(), patience);
    // The API server itself can't ask the webhook yet, and takes nothing that it would have to ask about.
    await vi.waitFor(async () => {
      const refused = world.kube.create(widget("early"), { dryRun: true });
      await expect(refused).rejects.toThrowError(/failed calling webhook "guard\.example\.com"/);
    }, patience);

    const slice = await world.kube.create(sliceOf("guard", namespace, port, false));
    expect(isDone).toBe(false);
    expect(await world.kube.get({ apiVersion: `${group}/v1`, kind: "Widget", namespace, name: "one" })).toBeUndefined();

    const { asked } = await startWebhook(certificate, port);
    const { endpoints } = sliceOf("guard", namespace, port);
    await world.kube.patch(refOf(slice), "merge", { endpoints });
    expect(await deploying).toMatchObject({ code: 0, err: "" });
    expect(asked).toContain("one");
    expect((await world.slipway("uninstall", "it", "-n", namespace)).code).toBe(0);
  },
);
