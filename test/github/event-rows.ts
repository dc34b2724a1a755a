import { type Fault, forbidden } from "./faults.ts";
import type { GithubEvent } from "./runner.ts";

/** Some runs of the action, each with its event, on a cluster and a repository of their own. */
export type EventRow = {
  steps: readonly { event: GithubEvent; inputs: Record<string, string>; env?: Record<string, string> }[];
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

/** What the action makes of each event; what it writes to GitHub lies as a file in `test/fixtures/github`. */
export const eventRows: Readonly<Record<string, EventRow>> = {
  "push-installs": { steps: [deploy] },
  "push-upgrades": { steps: [deploy, { event: push, inputs: { set: "replicas=3,image.tag=1.1.0" } }] },
  "push-breaks": { steps: [deploy, { event: push, inputs: { set: "image.tag=crash" } }] },
  "push-is-refused": { steps: [deploy, { event: push, inputs: { set: "replicas=-1" } }] },
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
        event: { name: "pull_request", action: "closed" },
        inputs: { command: "uninstall", release: "shop-pr-7", comment: "always" },
      },
    ],
  },
  "pull-request-from-a-fork": {
    steps: [{ event: fromFork, inputs: { command: "plan" } }],
    fault: ({ method }) => (method === "GET" ? undefined : forbidden),
  },
  "schedule-plans": {
    steps: [deploy, { event: { name: "schedule", cron: "0 6 * * *" }, inputs: { command: "plan", set: "replicas=5" } }],
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
