import type { KubeClient } from "../../src/kube/types.ts";
import { driverFor } from "../../src/release/driver.ts";
import { clusterRows } from "./cluster-rows.ts";
import { flat, hostileText } from "./hostile.ts";
import type { InjectionRow } from "./row.ts";

const quoted = JSON.stringify(hostileText);
const owned = /owned/;
const configMap = (data: string, metadata = "name: a") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  ${metadata}\ndata:\n  a: ${data}\n`;
const tag = (name: string) => `{{ ${name} }}`;

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
  ...clusterRows,
};

/** The first revision as somebody else would have it, and a second one to go back from. */
async function recordHostile(kube: KubeClient): Promise<void> {
  const driver = driverFor(kube, "shop", { kind: undefined, onUnreadable: () => {} });
  const [first] = await driver.history("shop");
  if (first === undefined) throw new Error("there is no revision");
  const hostile = { ...first, description: hostileText, notes: hostileText };
  await driver.update({ ...hostile, status: "superseded" });
  await driver.create({ ...hostile, revision: 2 });
}
