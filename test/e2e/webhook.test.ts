import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import type { World } from "../scenarios/tools.ts";
import { freshName, openWorld } from "../scenarios/world.ts";
import { freePort } from "./free-port.ts";

/** An endpoint may not lie on loopback: on a machine that has no other address there is nothing to route to. */
const address = Object.values(networkInterfaces())
  .flat()
  .find((found) => found?.family === "IPv4" && !found.internal)?.address;
const patience = { timeout: 60_000, interval: 100 };

let world: World;
let folder: string;
let server: Server | undefined;
const namespace = freshName("guard");
const group = `${namespace}.example`;

beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
  folder = mkdtempSync(join(tmpdir(), "slipway-webhook-"));
});
afterAll(async () => {
  server?.closeAllConnections();
  server?.close();
  const gone = ["crd", `widgets.${group}`, "--ignore-not-found", "--wait=false"];
  await world.kubectl("delete", "validatingwebhookconfiguration", namespace, "--ignore-not-found");
  await world.kubectl("delete", ...gone);
  await world.kubectl("delete", "namespace", namespace, "--ignore-not-found", "--wait=false");
  rmSync(folder, { recursive: true, force: true });
});

/** A certificate for the Service's name, signed by itself; its path and the key's. */
function makeCertificate(): { cert: string; key: string } {
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const name = `guard.${namespace}.svc`;
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const subject = ["-subj", `/CN=${name.slice(0, 60)}`, "-addext", `subjectAltName=DNS:${name}`];
  execFileSync("openssl", ["req", "-x509", ...curve, ...subject, "-keyout", key, "-out", cert], { stdio: "ignore" });
  return { cert, key };
}

/** A webhook that allows all, once it is reached; `asked` has the names that it was asked about. */
async function startWebhook(files: { cert: string; key: string }, port: number): Promise<{ asked: string[] }> {
  const asked: string[] = [];
  const tls = { cert: readFileSync(files.cert), key: readFileSync(files.key) };
  server = createServer(tls, (request, response) => {
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
  // As long as the way to a new endpoint is not laid everywhere, connections break.
  let broken = 2;
  server.on("connection", (socket) => {
    broken -= 1;
    if (broken >= 0) socket.destroy();
  });
  const listening = server.listen(port, address);
  await new Promise((resolve) => listening.once("listening", resolve));
  expect((listening.address() as AddressInfo).port).toBe(port);
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
const slice = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", name: "guard-by-hand", namespace };

test.skipIf(address === undefined)(
  "what a chart's own webhook is asked about is written when the API server reaches it",
  { timeout: 180_000 },
  async () => {
    const port = await freePort();
    const certificate = makeCertificate();
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

    const { apiVersion, kind, ...metadata } = slice;
    const endpoint = (ready: boolean) => ({ endpoints: [{ addresses: [address], conditions: { ready } }] });
    await world.kube.create({
      apiVersion,
      kind,
      metadata: { ...metadata, labels: { "kubernetes.io/service-name": "guard" } },
      addressType: "IPv4",
      ports: [{ name: "", protocol: "TCP", port }],
      ...endpoint(false),
    });
    expect(isDone).toBe(false);
    expect(await world.kube.get({ ...slice, apiVersion: `${group}/v1`, kind: "Widget", name: "one" })).toBeUndefined();

    const { asked } = await startWebhook(certificate, port);
    await world.kube.patch(slice, "merge", endpoint(true));
    expect(await deploying).toMatchObject({ code: 0, err: "" });
    expect(asked).toContain("one");
    expect((await world.slipway("uninstall", "it", "-n", namespace)).code).toBe(0);
  },
);
