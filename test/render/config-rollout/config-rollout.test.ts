import { describe, expect, test } from "vitest";
import { readYamlPlain } from "../../../src/base/yaml/read.ts";
import type { Chart } from "../../../src/chart/types.ts";
import { rollOutConfig } from "../../../src/render/config-rollout/config-rollout.ts";
import type { Hook, Manifest, Rendered } from "../../../src/render/types.ts";

const config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}";
const secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: login}\nstringData: {a: b}";

function manifestOf(content: string): Manifest {
  const { apiVersion, kind, metadata } = readYamlPlain(content) as {
    apiVersion: string;
    kind: string;
    metadata: { name: string };
  };
  return { source: "it/templates/a.yaml", content, apiVersion, kind, name: metadata.name };
}

function workload(podSpec: string, kind = "Deployment"): string {
  const spec =
    kind === "CronJob" ? `jobTemplate: {spec: {template: {spec: ${podSpec}}}}` : `template: {spec: ${podSpec}}`;
  return `# A comment\napiVersion: apps/v1\nkind: ${kind}\nmetadata: {name: web}\nspec: {${spec}}`;
}

function rollOut(mode: "off" | "annotate" | "rename", contents: string[], hooks: string[] = []) {
  const manifests = contents.map(manifestOf);
  const manifest = manifests.map(({ source, content }) => `---\n# Source: ${source}\n${content}\n`).join("");
  const asHook = (content: string): Hook => ({
    ...manifestOf(content),
    events: ["post-install"],
    weight: 0,
    deletePolicies: [],
    outputLogPolicies: [],
  });
  const rendered: Rendered = {
    manifests,
    hooks: hooks.map(asHook),
    crds: [],
    notes: "",
    manifest,
    chart: {} as Chart,
    config: new Map(),
  };
  return rollOutConfig(rendered, { mode, release: "it", namespace: "ns" });
}

// Each field of a pod that names one; the last says whether the pod sees what is in it.
const places: [string, string, boolean][] = [
  ["settings", "{containers: [{env: [{valueFrom: {configMapKeyRef: {name: settings, key: a}}}]}]}", true],
  ["login", "{containers: [{env: [{valueFrom: {secretKeyRef: {name: login, key: a}}}]}]}", true],
  ["settings", "{containers: [{}, {envFrom: [{configMapRef: {name: settings}}]}]}", true],
  ["login", "{initContainers: [{envFrom: [{secretRef: {name: login}}]}]}", true],
  ["login", "{ephemeralContainers: [{envFrom: [{secretRef: {name: login}}]}]}", true],
  ["settings", "{volumes: [{name: x}, {configMap: {name: settings}}]}", true],
  ["login", "{volumes: [{secret: {secretName: login}}]}", true],
  ["settings", "{volumes: [{projected: {sources: [{configMap: {name: settings}}]}}]}", true],
  ["login", "{volumes: [{projected: {sources: [{serviceAccountToken: {}}, {secret: {name: login}}]}}]}", true],
  ["login", "{imagePullSecrets: [{name: login}]}", false],
  ["login", "{volumes: [{csi: {nodePublishSecretRef: {name: login}}}]}", false],
];

describe.each(places)("%s in %s", (name, podSpec, isContent) => {
  test("counts for the checksum where the pod sees it", () => {
    const { rendered } = rollOut("annotate", [config, secret, workload(podSpec)]);
    expect(rendered.manifests[2]?.content.includes("slipway.dev/config-checksum")).toBe(isContent);
    expect(rendered.manifests.slice(0, 2).map(({ content }) => content)).toEqual([config, secret]);
  });

  test("is renamed with what it names", () => {
    const { rendered, warnings } = rollOut("rename", [config, secret, workload(podSpec)]);
    const renamed = rendered.manifests.find((manifest) => manifest.name.startsWith(`${name}-`));
    expect(warnings).toEqual([]);
    expect(renamed !== undefined).toBe(isContent);
    if (renamed === undefined) return;
    expect(renamed.name).toMatch(new RegExp(`^${name}-[0-9a-f]{10}$`));
    expect(rendered.manifests[2]?.content).toContain(renamed.name);
    expect(rendered.manifest).toContain(`  name: ${renamed.name}\n`);
    expect(rendered.manifest).not.toMatch(new RegExp(`name: ${name}[,}]`));
  });
});

const usesSettings = "{volumes: [{configMap: {name: settings}}]}";
const ingress =
  "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\nspec: {tls: [{secretName: login}]}";

test.each([
  ["a job's template can't change", [config, workload(usesSettings, "Job")]],
  ["each run of a cron job reads it anew", [config, workload(usesSettings, "CronJob")]],
  ["nothing uses it", [config, workload("{containers: []}")]],
  ["it is another namespace's", [config.replace("settings}", "settings, namespace: other}"), workload(usesSettings)]],
  ["it is of another kind", [secret.replace("login", "settings"), workload(usesSettings)]],
  ["it is not of the release", [workload(usesSettings)]],
])("nothing is changed where %s", (_, contents) => {
  for (const mode of ["annotate", "rename", "off"] as const) {
    const { rendered, warnings } = rollOut(mode, contents);
    expect(rendered.manifests.map(({ content }) => content)).toEqual(contents);
    expect(warnings).toEqual([]);
  }
});

test("what is named elsewhere, too, keeps its name", () => {
  const pods = "{volumes: [{secret: {secretName: login}}]}";
  const { rendered, warnings } = rollOut("rename", [secret, workload(pods), ingress]);
  expect(rendered.manifests[0]?.name).toBe("login");
  expect(warnings).toEqual([expect.stringContaining("Secret login keeps its name, since Ingress web names it, too")]);
  // A label that happens to be the same is no reference.
  const labelled = `${secret.replace("{name: login}", "{name: login, labels: {app: login}}")}`;
  expect(rollOut("rename", [labelled, workload(pods)]).rendered.manifests[0]?.name).toMatch(/^login-/);
});

test("jobs and hooks follow a name", () => {
  const { rendered } = rollOut(
    "rename",
    [config, workload(usesSettings), workload(usesSettings, "Job")],
    [workload(usesSettings, "Pod").replace("spec: {template: {spec: ", "spec: ").replace(/\}\}$/, "")],
  );
  const [{ name } = { name: "" }, , job] = rendered.manifests;
  expect(job?.content).toContain(name);
  expect(rendered.hooks[0]?.content).toContain(name);
});

test("the checksum follows the content, and nothing else", () => {
  const sum = (text: string) =>
    /config-checksum: (\w+)/.exec(rollOut("annotate", [text, workload(usesSettings)]).rendered.manifest)?.[1];
  const first = sum(config);
  expect(first).toHaveLength(64);
  expect(sum(config.replace("{name: settings}", "{name: settings, labels: {x: y}}"))).toBe(first);
  expect(sum(config.replace("{a: b}", "{a: c}"))).not.toBe(first);
  expect(sum(config.replace("data: {a: b}", "binaryData: {a: YQ==}"))).not.toBe(first);
});

test("long names are cut so that the hash fits", () => {
  const long = "a".repeat(252);
  const pods = usesSettings.replace("settings", long);
  const { rendered } = rollOut("rename", [config.replace("settings", long), workload(pods)]);
  expect(rendered.manifests[0]?.name).toMatch(/^a{242}-[0-9a-f]{10}$/);
});
