import { mapConcurrently } from "../../src/base/concurrency.ts";
import type { KubeClient, KubeObject } from "../../src/kube/types.ts";
import { withOwner } from "../../src/plan/ownership.ts";
import { driverFor } from "../../src/release/driver.ts";
import type { Release } from "../../src/release/types.ts";

/** The objects of a small release. */
export function smallRelease(name: string, namespace: string): KubeObject[] {
  const metadata = (of: string) => ({ name: `${name}-${of}`, namespace });
  const labels = { app: name };
  const containers = [{ name: "web", image: "registry.example/web:1.0", resources: { limits: { cpu: "1000m" } } }];
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: metadata("runner") },
    { apiVersion: "v1", kind: "ConfigMap", metadata: metadata("settings"), data: { level: "info" } },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: metadata("web"),
      spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: metadata("web"),
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
      },
    },
  ];
}

/** Makes so many small releases, ten in each namespace, two revisions each, as a deploy leaves them. Gives the namespaces. */
export async function makeReleases(kube: KubeClient, count: number, prefix: string): Promise<string[]> {
  const namespaces = Array.from({ length: Math.ceil(count / 10) }, (_, index) => `${prefix}-${index}`);
  await mapConcurrently(namespaces, 8, (name) =>
    kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } }),
  );
  const places = Array.from({ length: count }, (_, index) => ({
    name: `app-${index}`,
    namespace: namespaces[Math.floor(index / 10)] ?? "",
  }));
  await mapConcurrently(places, 8, (place) => makeRelease(kube, place));
  return namespaces;
}

async function makeRelease(kube: KubeClient, { name, namespace }: { name: string; namespace: string }): Promise<void> {
  const objects = smallRelease(name, namespace);
  for (const object of objects) {
    await kube.create(withOwner(object, { release: name, namespace }), { fieldManager: "helm" });
  }
  const driver = driverFor(kube, namespace, { kind: "secret" });
  const time = new Date().toISOString();
  const release: Release = {
    name,
    namespace,
    revision: 1,
    status: "superseded",
    description: "Install complete",
    firstDeployed: time,
    lastDeployed: time,
    notes: "",
    chart: { metadata: { name: "small", version: "1.0.0", apiVersion: "v2" } },
    config: {},
    manifest: objects.map((object) => `---\n# Source: small/templates/all.yaml\n${JSON.stringify(object)}\n`).join(""),
    hooks: [],
    labels: {},
  };
  await driver.create(release);
  await driver.create({ ...release, revision: 2, status: "deployed" });
}
