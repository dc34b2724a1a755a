import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/kube/connect.ts";
import type { KubeClient, KubeObject } from "../../src/kube/types.ts";
import { waitForHook } from "../../src/rollout/hook.ts";
import { trackRollout } from "../../src/rollout/tracker.ts";
import type { RolloutResult } from "../../src/rollout/types.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/sandbox.ts";

const namespace = "shop";
const options = { timeoutMs: 20_000, signal: new AbortController().signal };

type World = { sandbox: Sandbox; kube: KubeClient; close(): Promise<void> };

async function openWorld(more: SandboxOptions = {}): Promise<World> {
  const sandbox = await startSandbox({ speed: 20, ...more });
  const kube = await connect({ kubeconfig: sandbox.kubeconfig });
  await kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const close = async () => {
    kube.close();
    await sandbox.close();
  };
  return { sandbox, kube, close };
}

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

function workload(kind: string, name: string, image: string, more: Record<string, unknown> = {}): KubeObject {
  const labels = { app: name, "app.kubernetes.io/instance": "shop" };
  const template = { metadata: { labels }, spec: { containers: [{ name: "web", image }] } };
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: { app: name } },
      template,
      ...(kind === "StatefulSet" ? { serviceName: "x" } : {}),
      ...more,
    },
  };
}

function job(name: string, image: string): KubeObject {
  const template = { spec: { restartPolicy: "Never", containers: [{ name: "migrate", image }] } };
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name, namespace }, spec: { backoffLimit: 0, template } };
}

/** Rolls `name` out well, then changes its image, and tracks that. */
async function upgrade(kind: string, name: string, tag: string, timeoutMs = 20_000): Promise<RolloutResult> {
  const { kube } = world;
  const ref = { apiVersion: "apps/v1", kind, namespace, name };
  expect(await trackRollout(kube, [await kube.create(workload(kind, name, "shop:1"))], options)).toMatchObject({
    ok: true,
  });
  const spec = { template: { spec: { containers: [{ name: "web", image: `shop:${tag}` }] } } };
  const live = await kube.patch(ref, "strategic", { spec });
  return trackRollout(kube, [live], { ...options, timeoutMs });
}

function failureOf(result: RolloutResult) {
  const [failure] = result.ok ? [] : result.failures;
  if (failure === undefined) throw new Error("the rollout did not fail");
  return failure;
}

describe.each(["Deployment", "StatefulSet", "DaemonSet"])("an upgrade of a %s", (kind) => {
  const name = (tag: string) => `${kind.toLowerCase()}-${tag}`;

  test("to a good image ends when it is ready", async () => {
    expect(await upgrade(kind, name("good"), "2")).toMatchObject({
      ok: true,
      objects: [{ health: { status: "Current" } }],
    });
  });

  test("to an image that crashes names the log's last word", async () => {
    const failure = failureOf(await upgrade(kind, name("crash"), "crash"));
    expect(failure.summary).toMatch(
      /^\w+ shop\/\w+-crash: pod [\w-]+, container web: CrashLoopBackOff \(exit code 1, \d restarts?\): FATAL: DATABASE_URL is not set$/,
    );
    expect(failure).toMatchObject({
      timedOut: false,
      unread: [],
      health: { status: "Failed", reason: "CrashLoopBackOff" },
    });
    expect(failure.containers[0]?.logs.at(-1)).toBe("FATAL: DATABASE_URL is not set");
  });

  test("to an image that is missing ends at once", async () => {
    const failure = failureOf(await upgrade(kind, name("missing"), "missing"));
    expect(failure.summary).toMatch(/^\w+ shop\/\w+-missing: pod [\w-]+, container web: ImagePullBackOff: .*not found/);
    expect(failure.containers[0]).toMatchObject({ logs: [], restarts: 0 });
  });

  test("to one that is never ready ends with the time", async () => {
    const failure = failureOf(await upgrade(kind, name("slow"), "never-ready", 600));
    expect(failure.timedOut).toBe(true);
    expect(failure.summary).toMatch(
      /^\w+ shop\/\w+-slow: not ready after 1 s: .*; pod [\w-]+, container web: running, not ready/,
    );
  });
});

test("a rollout takes two requests where all is well, six where pods are to be watched", async () => {
  const { kube, sandbox } = world;
  const objects = ["one", "two", "three"].map((name) => workload("Deployment", `few-${name}`, "shop:1"));
  const config = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "few", namespace } };
  const written = await Promise.all([...objects, config].map((object) => kube.create(object)));
  await kube.discovery.resources();
  const asked = async (track: () => Promise<RolloutResult>) => {
    const before = sandbox.requests.length;
    expect(await track()).toMatchObject({ ok: true });
    return sandbox.requests.slice(before).length;
  };
  expect(await asked(() => trackRollout(kube, written, options))).toBeLessThanOrEqual(6);
  expect(await asked(() => trackRollout(kube, written, options))).toBeLessThanOrEqual(2);
});

test("each change of health is told once", async () => {
  const { kube } = world;
  const told: string[] = [];
  const live = await kube.create(workload("Deployment", "told", "shop:1", { replicas: 2 }));
  await trackRollout(kube, [live], {
    ...options,
    onChange: ({ health }) => told.push(`${health.status} ${health.message}`),
  });
  expect(told.at(-1)).toBe("Current 2 of 2 replicas are available");
  expect(new Set(told).size).toBe(told.length);
});

test("nothing to track is done", async () => {
  expect(await trackRollout(world.kube, [], options)).toMatchObject({ ok: true, objects: [] });
});

test("a rollout that is cancelled stops at once", async () => {
  const { kube } = world;
  const cancel = new AbortController();
  const live = await kube.create(workload("Deployment", "cancelled", "shop:never-ready"));
  const tracking = trackRollout(kube, [live], { ...options, signal: cancel.signal, onChange: () => cancel.abort() });
  await expect(tracking).rejects.toMatchObject({ code: "CANCELLED" });
});

test("without permission for pods and events, the workload alone decides, and the failure says what is not known", async () => {
  const deny = ["pods", "pods/log", "events", "replicasets"].map((resource) => ({ resource }));
  const { kube, close } = await openWorld({ deny });
  try {
    const good = await kube.create(workload("Deployment", "good", "shop:1"));
    expect(await trackRollout(kube, [good], options)).toMatchObject({ ok: true });
    const bad = await kube.create(workload("Deployment", "bad", "shop:crash"));
    const failure = failureOf(await trackRollout(kube, [bad], { ...options, timeoutMs: 500 }));
    expect(failure).toMatchObject({ timedOut: true, containers: [], events: [] });
    expect(failure.unread.join("\n")).toMatch(/pods/);
    expect(failure.unread.join("\n")).toMatch(/events/);
  } finally {
    await close();
  }
});

test("without permission for the workload itself it can't be tracked", async () => {
  const { kube, close } = await openWorld({
    deny: ["list", "watch"].map((verb) => ({ resource: "deployments", verb })),
  });
  try {
    const live = await kube.create(workload("Deployment", "web", "shop:1"));
    await expect(trackRollout(kube, [live], options)).rejects.toMatchObject({ code: "KUBE_FORBIDDEN" });
  } finally {
    await close();
  }
});

describe("a hook", () => {
  test("that is a Job is waited for until it is complete", async () => {
    const live = await world.kube.create(job("fine", "job:1"));
    expect(await waitForHook(world.kube, live, options)).toMatchObject({ ok: true });
  });

  test("that fails says what its pod said last", async () => {
    const live = await world.kube.create(job("bad", "job:exit1"));
    const result = await waitForHook(world.kube, live, options);
    expect(result).toMatchObject({ ok: false, failure: { health: { reason: "BackoffLimitExceeded" } } });
    expect(result.ok ? "" : result.failure.summary).toMatch(
      /^Job shop\/bad: pod bad-\w+, container migrate: Error \(exit code 1\): FATAL: DATABASE_URL is not set$/,
    );
  });

  test("whose image is missing is given up at once", async () => {
    const live = await world.kube.create(job("lost", "job:missing"));
    const result = await waitForHook(world.kube, live, options);
    expect(result.ok ? "" : result.failure.summary).toMatch(/ImagePullBackOff/);
  });

  test("that is a Pod has to run to its end", async () => {
    const spec = { restartPolicy: "Never", containers: [{ name: "main", image: "pod:exit1" }] };
    const live = await world.kube.create({ apiVersion: "v1", kind: "Pod", metadata: { name: "pod", namespace }, spec });
    const result = await waitForHook(world.kube, live, options);
    expect(result.ok ? "" : result.failure.summary).toMatch(
      /^Pod shop\/pod: pod pod, container main: Error \(exit code 1\)/,
    );
  });

  test("of another kind is done once it exists", async () => {
    const ref = { apiVersion: "v1", kind: "ConfigMap", namespace, name: "c" };
    expect(await waitForHook(world.kube, ref, options)).toEqual({ ok: true, durationMs: 0 });
  });
});
