import type { KubeObject, ObjectRef } from "../../src/kube/types.ts";
import type { Story } from "../../src/report/story.ts";

type Change = Story["changes"][number];
type Failure = Extract<Story["ending"], { kind: "result" }>["result"]["failures"][number];

export const web: ObjectRef = { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web" };
const settings: ObjectRef = { apiVersion: "v1", kind: "ConfigMap", namespace: "shop", name: "settings" };

export const failure: Failure = {
  ref: web,
  health: { status: "Failed", message: "0 of 2 replicas are available", reason: "CrashLoopBackOff" },
  timedOut: false,
  containers: [
    {
      pod: "web-6d4-x2x",
      container: "web",
      reason: "CrashLoopBackOff",
      message: "back-off 10s restarting failed container",
      restarts: 2,
      exitCode: 1,
      logs: ["starting", "FATAL: DATABASE_URL is not set"],
    },
  ],
  events: [
    {
      time: "2026-01-01T00:00:00Z",
      type: "Warning",
      reason: "BackOff",
      message: "Back-off restarting failed container",
      object: "Pod web-6d4-x2x",
      count: 3,
    },
  ],
  unread: [],
  summary:
    "Deployment shop/web: pod web-6d4-x2x, container web: CrashLoopBackOff (exit code 1, 2 restarts): FATAL: DATABASE_URL is not set",
};

function deployment(replicas: number): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop" },
    spec: { replicas },
  };
}

export const changes: Change[] = [
  {
    action: "change",
    ref: web,
    source: "shop/templates/web.yaml",
    live: deployment(2),
    after: deployment(3),
    operations: [{ op: "replace", path: "/spec/replicas", value: 3 }],
  },
  { action: "nothing", ref: settings, source: "shop/templates/settings.yaml", operations: [] },
];

export const nothingObserved = { hasChanged: false, rollout: [], rollback: [], warnings: [] };

export const deployed: Story = {
  command: "deploy",
  release: "shop",
  namespace: "shop",
  cancelled: false,
  changes,
  ending: {
    kind: "result",
    result: {
      release: "shop",
      namespace: "shop",
      status: "deployed",
      revision: 2,
      previousRevision: 1,
      rolledBack: false,
      notes: "Visit http://shop.example\n",
      failures: [],
    },
  },
  observed: {
    hasChanged: true,
    rollout: [{ ref: web, health: { status: "Current", message: "3 of 3 replicas are available" } }],
    rollback: [],
    warnings: [],
  },
};

const done = deployed.ending.kind === "result" ? deployed.ending.result : undefined;

export function withResult(result: Partial<NonNullable<typeof done>>, story: Partial<Story> = {}): Story {
  if (done === undefined) throw new Error("it has no result");
  return { ...deployed, ...story, ending: { kind: "result", result: { ...done, ...result } } };
}

export const rolledBack = withResult(
  { revision: 3, rolledBack: true, notes: "", cause: failure.summary, failures: [failure] },
  {
    observed: {
      hasChanged: true,
      rollout: [{ ref: web, health: failure.health }],
      rollback: [{ ref: web, health: { status: "Current", message: "2 of 2 replicas are available" } }],
      warnings: ["Old revisions of shop can't be deleted: no permission"],
    },
  },
);

export const planned: Story = {
  ...deployed,
  command: "plan",
  ending: { kind: "planned", notes: "" },
  observed: nothingObserved,
};

export const refused: Story = {
  ...deployed,
  changes: [],
  observed: nothingObserved,
  ending: {
    kind: "error",
    error: {
      message: 'function "foo" is not defined',
      code: "TEMPLATE_PARSE",
      where: "shop/templates/web.yaml:3:7",
      hint: 'Did you mean "floor"?',
      detail: "name: {{ foo }}\n         ^",
    },
  },
};
