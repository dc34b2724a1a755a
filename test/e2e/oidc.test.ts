import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { systemClock } from "../../src/base/clock.ts";
import { connect } from "../../src/kube/connect.ts";
import type { KubeClient, KubeObject } from "../../src/kube/types.ts";
import { runAction, startAction } from "../action/action-process.ts";
import { makeCertificates } from "../chart/remote/certificates.ts";
import { partPath } from "../parts.ts";
import { type ApiServer, startApiServer } from "./api-server.ts";
import { placesIn } from "./chart-place.ts";
import { type Issuer, startIssuer } from "./oidc-issuer.ts";

const audience = "https://cluster.example.com";
const subject = "repo:octo/shop:environment:production";
const namespace = "shop";
const root = mkdtempSync(join(tmpdir(), "slipway-oidc-"));
const place = placesIn(() => root)("place");

let issuer: Issuer;
let server: ApiServer;
let admin: KubeClient;
const bundle = () => join(inject("dist"), "action.js");

beforeAll(async () => {
  const certificates = makeCertificates();
  issuer = await startIssuer(certificates, { sub: subject, repository: "octo/shop" });
  server = await startApiServer({ "authentication-config": writeConfiguration(certificates.ca) });
  admin = await connect({ kubeconfig: server.kubeconfig });
  await admin.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  writeChart();
  await grant();
});
afterAll(async () => {
  admin?.close();
  server?.stop();
  await issuer?.close();
  rmSync(root, { recursive: true, force: true });
});

/** As docs/authentication.md shows it, with an issuer of our own. */
function writeConfiguration(authority: string): string {
  const configuration = {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthenticationConfiguration",
    jwt: [
      {
        issuer: { url: issuer.url, audiences: [audience], certificateAuthority: readFileSync(authority, "utf8") },
        claimMappings: { username: { claim: "sub", prefix: "github:" } },
        claimValidationRules: [{ expression: "claims.repository == 'octo/shop'", message: "of another repository" }],
      },
    ],
  };
  return place.write("authentication.json", JSON.stringify(configuration));
}

/** Just what docs/authentication.md has this workflow granted. */
async function grant(): Promise<void> {
  const user = ["--user", `github:${subject}`];
  const words = ["rbac", "deploy,status", place.at("chart"), "--set", "web=true", "--namespace", namespace, ...user];
  const printed = await place.tool("slipway", ...words);
  for (const document of parseAllDocuments(printed)) await admin.create(document.toJS() as KubeObject);
}

function writeChart(): void {
  place.write("chart/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
  place.write("chart/values.yaml", "web: false\n");
  place.write(
    "chart/templates/config.yaml",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\n",
  );
  place.write(
    "chart/templates/web.yaml",
    `{{ if .Values.web }}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "web:1"}]}}
{{ end }}`,
  );
}

const login = () => ({ server: server.url, audience, "certificate-authority": server.authority });
const inputs = (more: Record<string, string>) => ({
  release: "shop",
  chart: place.at("chart"),
  namespace,
  ...login(),
  ...more,
});

test("the action deploys with the token of its job, and shows it to nobody", async () => {
  const { code, stdout, stderr, outputs, summary } = await runAction({
    bundle: bundle(),
    inputs: inputs({}),
    workflow: issuer.env,
  });
  expect({ code, stderr, status: outputs["status"] }).toEqual({ code: 0, stderr: "", status: "deployed" });
  const [token = ""] = issuer.issued;
  expect(stdout).toContain(`::add-mask::${token}`);
  expect(withoutMasks(stdout) + summary + JSON.stringify(outputs)).not.toContain(token);
});

function withoutMasks(log: string): string {
  return log.replace(/^::add-mask::.*\n/gm, "");
}

test("the command line does, too", async () => {
  const words = ["deploy", "cli", place.at("chart"), "-n", namespace, "--kube-apiserver", server.url];
  const login = ["--oidc-audience", audience, "--kube-ca-file", server.authority];
  const { code, out, err } = await place.run("slipway", [...words, ...login], { env: issuer.env });
  expect({ code, err: withoutMasks(err) }).toEqual({ code: 0, err: "" });
  expect(out).toContain("cli is deployed");
});

test("through a long wait each token is replaced by a new one", async () => {
  issuer.lifeSeconds = 4;
  const before = issuer.issued.length;
  const running = startAction({
    bundle: bundle(),
    inputs: inputs({ release: "slow", set: "web=true", timeout: "90s" }),
    workflow: issuer.env,
  });
  try {
    await running.saw("Watching the rollout");
    await until(() => issuer.issued.length >= before + 3);
    makeReady("web");
    const { code, stdout, outputs } = await running.finished;
    expect({ code, status: outputs["status"] }, withoutMasks(stdout)).toEqual({ code: 0, status: "deployed" });
    const masked = issuer.issued.slice(before).filter((token) => stdout.includes(`::add-mask::${token}`));
    expect(masked).toHaveLength(issuer.issued.length - before);
  } finally {
    issuer.lifeSeconds = 300;
    running.child.kill();
  }
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await systemClock.delay(50);
}

/** What the controllers would write, had this control plane any. */
function makeReady(name: string): void {
  const counts = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
  const conditions = [
    { type: "Available", status: "True" },
    { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" },
  ];
  const patch = JSON.stringify({ status: { observedGeneration: 1, ...counts, conditions } });
  const words = ["kubectl", "patch", "deployment", name, "-n", namespace, "--subresource=status", "--type=merge"];
  execFileSync(partPath("localcluster"), [...words, "-p", patch, "--kubeconfig", server.kubeconfig]);
}

test.each<[string, Record<string, string>, () => Record<string, string>, RegExp]>([
  [
    "an audience that the cluster does not know",
    { audience: "another" },
    () => issuer.env,
    /The API server does not trust this token: subject "repo:octo\/shop:environment:production", audience "another", issuer "https:/,
  ],
  [
    "a job without the permission",
    {},
    () => ({ GITHUB_ACTIONS: "true" }),
    /The job lacks the permission "id-token: write"[\s\S]*permissions: { contents: read, id-token: write }/,
  ],
  [
    "a job whose request is refused",
    {},
    () => ({ ...issuer.env, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "of another job" }),
    /GitHub gives no OIDC token: it answers 401/,
  ],
])("%s is told plainly", async (_name, more, env, text) => {
  const { code, stdout } = await runAction({ bundle: bundle(), inputs: inputs(more), workflow: env() });
  expect(code).toBe(1);
  expect(stdout).toMatch(text);
});

test.each<[string, () => Record<string, string>]>([
  ["the path of a kubeconfig", () => ({ kubeconfig: server.kubeconfig })],
  ["its content", () => ({ kubeconfig: readFileSync(server.kubeconfig, "utf8") })],
  ["its content in base64", () => ({ kubeconfig: readFileSync(server.kubeconfig).toString("base64") })],
  ["a server, a token and its authority", () => ({ server: server.url, token: adminToken(), ca: server.authority })],
  [
    "an authority as content",
    () => ({ server: server.url, token: adminToken(), ca: readFileSync(server.authority, "utf8") }),
  ],
  ["a plugin that logs in", () => ({ kubeconfig: kubeconfigWithPlugin() })],
])("the action and the command line take %s", async (_name, given) => {
  const { ca, ...login } = given();
  const action = { release: "none", chart: place.at("chart"), namespace, command: "plan", ...login };
  const flagOf: Record<string, string> = { server: "kube-apiserver", token: "kube-token", kubeconfig: "kubeconfig" };
  const flags = Object.entries(login).flatMap(([name, value]) => [`--${flagOf[name]}`, value]);
  const [byAction, byCli] = await Promise.all([
    runAction({ bundle: bundle(), inputs: { ...action, ...(ca && { "certificate-authority": ca }) } }),
    place.run("slipway", [
      ...["plan", "none", place.at("chart"), "-n", namespace, ...flags],
      ...(ca ? ["--kube-ca-file", ca] : []),
    ]),
  ]);
  expect({ action: byAction.code, cli: byCli.code }, byAction.stdout + byCli.err).toEqual({ action: 0, cli: 0 });
});

function adminToken(): string {
  return /token: "([0-9a-f]+)"/.exec(readFileSync(server.kubeconfig, "utf8"))?.[1] ?? "";
}

/** As the clouds' tools write it: a command that prints a credential. */
function kubeconfigWithPlugin(): string {
  mkdirSync(place.at("bin"), { recursive: true });
  const credential = {
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    status: { token: adminToken() },
  };
  chmodSync(place.write("bin/cloud-login", `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`), 0o755);
  return JSON.stringify({
    clusters: [{ name: "c", cluster: { server: server.url, "certificate-authority": server.authority } }],
    users: [{ name: "u", user: { exec: { apiVersion: credential.apiVersion, command: place.at("bin/cloud-login") } } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  });
}
