import type { JsonObject } from "../../src/base/json-path.ts";
import type { KubeClient, KubeObject } from "../../src/kube/types.ts";
import { driverFor } from "../../src/release/driver.ts";
import type { SandboxOptions } from "../../src/sandbox/sandbox.ts";
import type { Fault } from "../github/faults.ts";
import { hostileLines, hostileText } from "./hostile.ts";
import type { Rewrite } from "./rewriting-proxy.ts";

/** How something hostile comes to the action. Every run is one for a pull request, and comments on it. */
export type InjectionRow = {
  /** Files of the chart, below its folder. */
  chart?: Record<string, string>;
  /** Other files of the workspace. */
  files?: Record<string, string>;
  inputs?: Record<string, string>;
  /** A deploy without any of it comes first. */
  isUpgrade?: true;
  /** Changes the event's payload. */
  event?: JsonObject;
  env?: Record<string, string>;
  seed?: KubeObject[];
  cluster?: SandboxOptions["intercept"];
  answers?: Rewrite;
  github?: (asked: { method: string; path: string }) => Fault | undefined;
  /** What somebody does to the cluster before it. */
  byHand?: (kube: KubeClient) => Promise<unknown>;
  /** What of it has to be told, so that the row tests anything; `undefined` where nothing may be. */
  told: RegExp | undefined;
};

const flat = hostileLines.map((line) => line.replace(/[\r\n]/g, " ")).join(" ");
const quoted = JSON.stringify(hostileText);
const owned = /owned/;
const configMap = (data: string, metadata = "name: a") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  ${metadata}\ndata:\n  a: ${data}\n`;
const tag = (name: string) => `{{ ${name} }}`;
const refusal = (message: string, code = 422) => ({
  status: code,
  body: { kind: "Status", apiVersion: "v1", status: "Failure", message, reason: "Invalid", code },
});
const job = `apiVersion: batch/v1
kind: Job
metadata:
  name: loud
  annotations: { helm.sh/hook: pre-install, helm.sh/hook-output-log-policy: "hook-succeeded,hook-failed" }
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: a, image: "a:exit1" }]
`;
const crash = { isUpgrade: true, inputs: { set: "image.tag=crash" } } as const;

export const injectionRows: Readonly<Record<string, InjectionRow>> = {
  // What a chart says.
  "the notes of a chart": { chart: { "templates/NOTES.txt": hostileText }, told: owned },
  "the notes of a plan": {
    chart: { "templates/NOTES.txt": hostileText },
    inputs: { command: "plan" },
    told: owned,
  },
  "a chart's failure": { chart: { "templates/a.yaml": `{{ fail ${quoted} }}` }, told: owned },
  "what a chart requires": { chart: { "templates/a.yaml": `{{ required ${quoted} .Values.none }}` }, told: owned },
  "a template that can't be read": { chart: { "templates/a.yaml": `{{ ${flat} }}` }, told: owned },
  "a template whose output is no YAML": { chart: { "templates/a.yaml": `a: [\n${hostileText}` }, told: owned },
  "a value of an object": {
    chart: { "templates/a.yaml": configMap(quoted) },
    inputs: { command: "plan" },
    told: owned,
  },
  "a name of an object": { chart: { "templates/a.yaml": configMap("b", `name: ${quoted}`) }, told: owned },
  "a kind of an object": {
    chart: { "templates/a.yaml": `apiVersion: v1\nkind: ${quoted}\nmetadata:\n  name: a\n` },
    told: owned,
  },
  "an annotation of an object": {
    chart: { "templates/a.yaml": configMap("b", `name: a\n  annotations: { "owned": ${quoted} }`) },
    inputs: { command: "plan" },
    told: owned,
  },
  "a hook's weight": {
    chart: {
      "templates/a.yaml": configMap(
        "b",
        `name: a\n  annotations: { helm.sh/hook: pre-install, helm.sh/hook-weight: ${quoted} }`,
      ),
    },
    told: undefined,
  },
  "a template's file name": {
    chart: { "templates/a `b` | <img src=x> @owned #1 ##[error]owned ::error::owned.yaml": configMap("b") },
    inputs: { command: "plan" },
    told: owned,
  },
  "the name of a chart": {
    chart: { "Chart.yaml": `apiVersion: v2\nversion: 1.0.0\nname: ${quoted}\n` },
    told: owned,
  },
  "the version of a chart": {
    chart: { "Chart.yaml": `apiVersion: v2\nversion: ${quoted}\nname: shop\n` },
    told: owned,
  },
  "the schema of a chart": {
    chart: { "values.schema.json": JSON.stringify({ properties: { replicas: { enum: [hostileText] } } }) },
    told: owned,
  },
  "an unusable schema": { chart: { "values.schema.json": `{"type": ${quoted}}` }, told: undefined },
  "an order that nobody can keep": {
    chart: { "templates/a.yaml": configMap("b", `name: a\n  annotations: { slipway.dev/depends-on: ${quoted} }`) },
    told: owned,
  },
  // Values and inputs.
  "a value that the schema refuses": {
    chart: { "values.schema.json": JSON.stringify({ properties: { replicas: { type: "integer" } } }) },
    inputs: { values: JSON.stringify({ replicas: hostileText, [hostileText]: 1 }) },
    told: undefined,
  },
  "values that are no YAML": { inputs: { values: `a: [\n${hostileText}` }, told: undefined },
  "a name of a value": {
    chart: { "values.schema.json": JSON.stringify({ additionalProperties: false }) },
    inputs: { values: JSON.stringify({ [hostileText]: 1 }) },
    told: owned,
  },
  "a file of values that is not there": { inputs: { "values-files": flat.replace(/,/g, " ") }, told: owned },
  "a set that can't be read": { inputs: { set: `a[x]=${flat}` }, told: owned },
  "the name of a release": { inputs: { release: hostileText }, told: owned },
  "the name of a namespace": { inputs: { namespace: hostileText }, told: owned },
  "a chart that is not there": { inputs: { chart: hostileText }, told: owned },
  "the description of a revision": { inputs: { description: hostileText }, told: undefined },
  "the id of a comment": { inputs: { "comment-id": "--> owned" }, told: undefined },
  "the kubeconfig": { inputs: { kubeconfig: `a: [\n${hostileText}` }, told: undefined },
  "a plan's file that lies elsewhere": {
    inputs: { command: "deploy", "plan-file": `../../../../${flat}` },
    told: owned,
  },
  "a plan's file that is none": {
    files: { "plan.json": quoted },
    inputs: { "plan-file": "plan.json" },
    told: undefined,
  },
  "a plan of another format": {
    files: { "plan.json": JSON.stringify({ format: "slipway-plan", version: hostileText }) },
    inputs: { "plan-file": "plan.json" },
    told: undefined,
  },
  // The event that started the workflow, and the workflow.
  "the branch of a pull request": {
    event: { pull_request: { head: { ref: hostileText }, title: hostileText, body: hostileText } },
    env: { GITHUB_HEAD_REF: flat, GITHUB_ACTOR: flat },
    files: { "production.yaml": `settings: { BRANCH: "$${tag("pr.branch")}", TITLE: "$${tag("pr.title")}" }\n` },
    inputs: { "values-files": "production.yaml", interpolate: "production.yaml", command: "plan" },
    told: owned,
  },
  "a title that is YAML": {
    event: { pull_request: { title: 'owned", GREETING: "owned' } },
    files: { "production.yaml": `settings: { CURRENCY: "$${tag("github.event.pull_request.title")}" }\n` },
    inputs: { "values-files": "production.yaml", interpolate: "production.yaml", command: "plan" },
    told: /would say more than its own value/,
  },
  "the commit of a pull request": { event: { pull_request: { head: { sha: hostileText } } }, told: undefined },
  "a pull request of a repository that is gone": { event: { pull_request: { head: { repo: null } } }, told: undefined },
  "who started the workflow": {
    env: {
      GITHUB_ACTOR: flat,
      GITHUB_TRIGGERING_ACTOR: flat,
      GITHUB_SHA: flat,
      GITHUB_REF_NAME: flat,
      GITHUB_RUN_NUMBER: flat,
    },
    told: undefined,
  },
  "a record that somebody else wrote": {
    isUpgrade: true,
    inputs: { command: "rollback" },
    byHand: recordHostile,
    told: owned,
  },
  "the name of a workflow": { env: { GITHUB_WORKFLOW: `--> ${flat}`, GITHUB_JOB: `--> ${flat}` }, told: undefined },
  "the number of a run": { env: { GITHUB_RUN_ID: `1) [owned](https://owned.example` }, told: undefined },
  // What the cluster answers.
  "a refusal of the server": {
    cluster: ({ method, path }) =>
      method === "POST" && path.includes("configmaps") ? refusal(hostileText) : undefined,
    told: owned,
  },
  "a failure in the middle": {
    isUpgrade: true,
    inputs: { set: "replicas=3" },
    cluster: ({ method, path }) =>
      method === "PATCH" && path.includes("deployments") && !path.includes("dryRun")
        ? refusal(hostileText, 500)
        : undefined,
    told: owned,
  },
  "a server that is none": { cluster: () => ({ status: 200, body: hostileText }), told: undefined },
  "who may not be here": { cluster: () => refusal(hostileText, 403), told: owned },
  "the log of a container": {
    ...crash,
    answers: (path) => (path.includes("/log") ? () => hostileText : undefined),
    told: owned,
  },
  "the events of a pod": {
    ...crash,
    answers: (path) =>
      path.includes("/events") && !path.includes("watch=") ? withTexts(["message", "reason"], hostileText) : undefined,
    told: owned,
  },
  "the state of a container": {
    ...crash,
    answers: (path) =>
      /\/pods(\?|$)/.test(path) && !path.includes("watch=") ? withTexts(["message"], hostileText) : undefined,
    told: undefined,
  },
  "the log of a hook": {
    chart: { "templates/a.yaml": job },
    answers: (path) => (path.includes("/log") ? () => hostileText : undefined),
    told: owned,
  },
  "who owns an object": {
    seed: [
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: {
          name: "shop-settings",
          namespace: "shop",
          labels: { "app.kubernetes.io/managed-by": "Helm" },
          annotations: { "meta.helm.sh/release-name": hostileText, "meta.helm.sh/release-namespace": hostileText },
        },
      },
    ],
    told: owned,
  },
  "who holds the lock": {
    seed: [
      {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { name: "slipway-shop", namespace: "shop" },
        spec: {
          holderIdentity: hostileText,
          leaseDurationSeconds: 3600,
          acquireTime: new Date().toISOString().replace("Z", "000Z"),
          renewTime: new Date().toISOString().replace("Z", "000Z"),
        },
      },
    ],
    told: owned,
  },
  "what somebody changed": {
    isUpgrade: true,
    inputs: { command: "drift" },
    byHand: (kube) =>
      kube.patch(
        { apiVersion: "v1", kind: "ConfigMap", namespace: "shop", name: "shop-settings" },
        "merge",
        { data: { CURRENCY: hostileText, owned: hostileText } },
        { fieldManager: "<b>@owned #1 ::error::owned" },
      ),
    told: owned,
  },
  "rules of drift": { inputs: { command: "drift", "drift-ignore": hostileText }, told: owned },
  // Previews.
  "the branch of a preview": {
    event: { pull_request: { head: { ref: hostileText }, title: hostileText, user: { login: hostileText } } },
    inputs: { command: "preview", namespace: "" },
    told: undefined,
  },
  "the label of a preview": {
    inputs: { command: "preview", namespace: "", "namespace-labels": `a=${flat}` },
    told: owned,
  },
  "the quota of a preview": { inputs: { command: "preview", namespace: "", quota: `pods=${flat}` }, told: owned },
  "the address of an environment": { inputs: { environment: "production", "environment-url": flat }, told: owned },
  "the name of an environment": { inputs: { environment: flat }, told: undefined },
  "a preview that breaks": {
    inputs: { command: "preview", namespace: "", set: "image.tag=crash" },
    answers: (path) => (path.includes("/log") ? () => hostileText : undefined),
    told: owned,
  },
  "a namespace that is no preview of ours": {
    inputs: { command: "preview", namespace: "" },
    seed: [
      {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: {
          name: "pr-7-shop",
          annotations: { "slipway.dev/preview-owner": hostileText, "slipway.dev/preview-name": hostileText },
        },
      },
    ],
    told: /pr-7-shop-[0-9a-f]{8}/,
  },
  // What GitHub answers.
  "a refusal of GitHub": {
    github: ({ method }) => (method === "POST" ? { status: 422, body: { message: hostileText } } : undefined),
    told: owned,
  },
  "what GitHub says of a pull request": {
    inputs: { command: "preview", namespace: "" },
    github: ({ method, path }) =>
      method === "GET" && path.endsWith("/pulls/7")
        ? { status: 200, body: { number: 7, state: hostileText, head: { sha: hostileText } } }
        : undefined,
    told: undefined,
  },
  "a refusal of a deployment": {
    inputs: { environment: "production" },
    github: ({ path }) => (path.includes("/deployments") ? { status: 422, body: { message: hostileText } } : undefined),
    told: owned,
  },
  "an address that GitHub gives": {
    github: ({ method }) => (method === "POST" ? { status: 201, body: { id: 1, html_url: hostileText } } : undefined),
    told: undefined,
  },
};

function withTexts(names: readonly string[], text: string): (answer: string) => string {
  return (answer) =>
    JSON.stringify(
      JSON.parse(answer, (key, value) => (names.includes(key) && typeof value === "string" ? text : value)),
    );
}

/** The first revision as somebody else would have it, and a second one to go back from. */
async function recordHostile(kube: KubeClient): Promise<void> {
  const driver = driverFor(kube, "shop", { kind: undefined, onUnreadable: () => {} });
  const [first] = await driver.history("shop");
  if (first === undefined) throw new Error("there is no revision");
  const hostile = { ...first, description: hostileText, notes: hostileText };
  await driver.update({ ...hostile, status: "superseded" });
  await driver.create({ ...hostile, revision: 2 });
}
