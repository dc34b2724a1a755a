import { flat, hostileText } from "./hostile.ts";
import type { InjectionRow } from "./row.ts";

const owned = /owned/;
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

/** What comes from the cluster and from GitHub. */
export const clusterRows: Readonly<Record<string, InjectionRow>> = {
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
