import type { KubeClient } from "../../src/kube/types.ts";
import { type Fault, forbidden, serverError } from "./faults.ts";
import type { GithubEvent } from "./runner.ts";

export type EventStep = {
  event: GithubEvent;
  inputs: Record<string, string>;
  env?: Record<string, string>;
  /** What somebody does to the cluster before it. */
  byHand?: (kube: KubeClient) => Promise<unknown>;
};

/** Some runs of the action, each with its event, on a cluster and a repository of their own. */
export type EventRow = {
  steps: readonly EventStep[];
  fault?: (asked: { method: string }) => Fault | undefined;
};

const push = { name: "push" } as const;
const opened = { name: "pull_request", action: "opened" } as const;
const synchronize = { name: "pull_request", action: "synchronize" } as const;
const fromFork = {
  ...opened,
  change: { pull_request: { head: { ref: "fix", repo: { full_name: "somebody/r", fork: true } } } },
};
const deploy = { event: push, inputs: {} };
const daily = { name: "schedule", cron: "0 6 * * *" } as const;
const closed = { name: "pull_request", action: "closed" } as const;
const preview = { command: "preview", release: "shop", namespace: "" };
const web = { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "shop-web" };
const scaled = (kube: KubeClient) =>
  kube.patch(web, "merge", { spec: { replicas: 7 } }, { fieldManager: "kubectl-edit" });
const settings = { apiVersion: "v1", kind: "ConfigMap", namespace: "shop", name: "shop-settings" };
const hostile = "</td></details><img src=x> @o/team #1 [a](https://evil.example) | ::error::x";
const noted = (kube: KubeClient) =>
  kube.patch(settings, "merge", { data: { CURRENCY: hostile } }, { fieldManager: hostile.slice(0, 100) });

/** What the action makes of each event; what it writes to GitHub lies as a file in `test/fixtures/github`. */
export const eventRows: Readonly<Record<string, EventRow>> = {
  "push-installs": { steps: [deploy] },
  "push-upgrades": { steps: [deploy, { event: push, inputs: { set: "replicas=3,image.tag=1.1.0" } }] },
  "push-breaks": { steps: [deploy, { event: push, inputs: { set: "image.tag=crash" } }] },
  "push-is-refused": { steps: [deploy, { event: push, inputs: { set: "replicas=-1" } }] },
  "push-to-no-namespace": { steps: [{ event: push, inputs: { "create-namespace": "false" } }] },
  "push-with-a-wrong-value": { steps: [{ event: push, inputs: { values: "image:\n  tag: [1.0" } }] },
  "pull-request-opened": {
    steps: [deploy, { event: opened, inputs: { command: "plan", set: "replicas=3,settings.CURRENCY=USD" } }],
  },
  "pull-request-synchronized": {
    steps: [
      deploy,
      { event: opened, inputs: { command: "plan", set: "replicas=3" } },
      { event: synchronize, inputs: { command: "plan", set: "image.tag=1.1.0" } },
    ],
  },
  "pull-request-with-a-mistake": {
    steps: [deploy, { event: opened, inputs: { command: "plan", set: "replicas=-1" } }],
  },
  "pull-request-closed": {
    steps: [
      { event: opened, inputs: { release: "shop-pr-7", comment: "always" } },
      {
        event: closed,
        inputs: { command: "uninstall", release: "shop-pr-7", comment: "always" },
      },
    ],
  },
  "pull-request-from-a-fork": {
    steps: [deploy, { event: fromFork, inputs: { command: "plan", set: "replicas=3" } }],
    fault: ({ method }) => (method === "GET" ? undefined : forbidden),
  },
  "pull-request-while-github-is-down": {
    steps: [deploy, { event: opened, inputs: { comment: "always", environment: "production", set: "replicas=3" } }],
    fault: () => serverError(503),
  },
  "schedule-plans": {
    steps: [deploy, { event: daily, inputs: { command: "plan", set: "replicas=5" } }],
  },
  "push-to-an-environment": {
    steps: [{ event: push, inputs: { environment: "production", "environment-url": "https://shop.example" } }],
  },
  "push-that-breaks-an-environment": {
    steps: [deploy, { event: push, inputs: { environment: "production", set: "image.tag=crash" } }],
  },
  "preview-opened": { steps: [{ event: opened, inputs: { ...preview, ttl: "72h", quota: "pods=20" } }] },
  "preview-breaks": { steps: [{ event: opened, inputs: { ...preview, set: "image.tag=crash,replicas=1" } }] },
  "preview-with-a-mistake": { steps: [{ event: opened, inputs: { ...preview, set: "replicas=-1" } }] },
  "preview-synchronized": {
    steps: [
      { event: opened, inputs: preview },
      { event: synchronize, inputs: { ...preview, set: "replicas=3" } },
    ],
  },
  "preview-closed": {
    steps: [
      { event: opened, inputs: preview },
      { event: closed, inputs: preview },
    ],
  },
  "drift-is-found": {
    steps: [deploy, { event: daily, inputs: { command: "drift" }, byHand: scaled }],
  },
  "drift-by-somebody-hostile": {
    steps: [deploy, { event: daily, inputs: { command: "drift" }, byHand: noted }],
  },
  "drift-is-set-back": {
    steps: [
      deploy,
      { event: daily, inputs: { command: "drift" }, byHand: scaled },
      { event: daily, inputs: { command: "drift", "drift-mode": "correct" } },
    ],
  },
  "deployment-deploys": {
    steps: [
      {
        event: { name: "deployment", change: { deployment: { payload: { values: { replicas: 3 } } } } },
        inputs: { "deployment-inputs": "true" },
      },
    ],
  },
  "dispatch-rolls-back": {
    steps: [
      deploy,
      { event: push, inputs: { set: "replicas=3" } },
      { event: { name: "workflow_dispatch" }, inputs: { command: "rollback" } },
    ],
  },
};
