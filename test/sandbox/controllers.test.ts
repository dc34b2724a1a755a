import { describe, expect, it } from "vitest";
import { type JsonObject, numberAt, valueAt } from "../../src/base/json-path.ts";
import {
  apps,
  batch,
  type Client,
  condition,
  core,
  eventsOf,
  imagePatch,
  names,
  openSandbox,
  workload,
} from "./client.ts";

const deployments = `${apps}/deployments`;
const web = `${deployments}/web`;

function isRolledOut(object: JsonObject): boolean {
  const wanted = numberAt(object, "spec", "replicas");
  const status = (field: string) => numberAt(object, "status", field) ?? 0;
  return (
    status("observedGeneration") === numberAt(object, "metadata", "generation") &&
    status("updatedReplicas") === wanted &&
    status("availableReplicas") === wanted &&
    status("replicas") === wanted
  );
}

async function deploy(client: Client, spec: JsonObject = {}): Promise<void> {
  await client.create(deployments, workload("Deployment", "web", "1", { replicas: 3, ...spec }));
  await client.until(web, isRolledOut);
}

describe("Deployments", () => {
  it("roll out, and say so as the real controller does", async () => {
    const client = await openSandbox();
    await deploy(client);
    const { status, metadata } = await client.get(web);
    const [set] = names(await client.list(`${apps}/replicasets`));
    expect(valueAt(metadata, "annotations", "deployment.kubernetes.io/revision")).toBe("1");
    expect(status).toMatchObject({
      availableReplicas: 3,
      conditions: [
        { type: "Available", status: "True", reason: "MinimumReplicasAvailable" },
        {
          type: "Progressing",
          reason: "NewReplicaSetAvailable",
          message: `ReplicaSet "${set}" has successfully progressed.`,
        },
      ],
    });
  });

  it("never have too many pods, nor too few ready ones, on the way", async () => {
    const client = await openSandbox();
    await deploy(client, { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } });
    const headers = { Authorization: `Bearer ${client.sandbox.token}` };
    const version = valueAt(await client.get(deployments), "metadata", "resourceVersion");
    const query = `watch=true&fieldSelector=metadata.name%3Dweb&resourceVersion=${version}`;
    const response = await fetch(`${client.sandbox.url}${deployments}?${query}`, { headers });
    await client.patch(web, imagePatch("2"));
    for await (const { object } of eventsOf(response)) {
      expect(numberAt(object, "status", "replicas") ?? 0).toBeLessThanOrEqual(4);
      expect(numberAt(object, "status", "availableReplicas") ?? 0).toBeGreaterThanOrEqual(2);
      if (isRolledOut(object as JsonObject)) break;
    }
  });

  it("stop all old pods first where they are to be recreated", async () => {
    const client = await openSandbox();
    await deploy(client, { strategy: { type: "Recreate" } });
    await client.patch(web, imagePatch("2"));
    await client.until(
      web,
      (object) => numberAt(object, "status", "replicas") === undefined || numberAt(object, "status", "replicas") === 0,
    );
    await client.until(web, isRolledOut);
  });

  it("take the old set up again when an old template comes back", async () => {
    const client = await openSandbox();
    await deploy(client);
    const [first] = names(await client.list(`${apps}/replicasets`));
    for (const tag of ["2", "1"]) {
      await client.patch(web, imagePatch(tag));
      await client.until(web, isRolledOut);
    }
    const set = await client.get(`${apps}/replicasets/${first}`);
    expect(valueAt(set, "metadata", "annotations")).toMatchObject({
      "deployment.kubernetes.io/revision": "3",
      "deployment.kubernetes.io/revision-history": "1",
    });
    expect(numberAt(set, "spec", "replicas")).toBe(3);
  });

  it("keep no more old sets than they may", async () => {
    const client = await openSandbox();
    await deploy(client, { revisionHistoryLimit: 1 });
    for (const tag of ["2", "3", "4"]) {
      await client.patch(web, imagePatch(tag));
      await client.until(web, isRolledOut);
    }
    const sets = await client.list(`${apps}/replicasets`);
    expect(sets.filter((set) => numberAt(set, "spec", "replicas") === 0).length).toBeLessThanOrEqual(2);
  });

  it("keep the old pods while new ones fail, and say when time is up", async () => {
    const client = await openSandbox();
    await deploy(client, { progressDeadlineSeconds: 5 });
    await client.patch(web, imagePatch("crash"));
    const failed = await client.until(web, (object) => condition(object, "Progressing")?.["status"] === "False");
    expect(condition(failed, "Progressing")).toMatchObject({ reason: "ProgressDeadlineExceeded" });
    expect(numberAt(failed, "status", "availableReplicas")).toBe(3);
    await client.patch(web, imagePatch("1"));
    await client.until(web, isRolledOut);
  });

  it("scale by their subresource", async () => {
    const client = await openSandbox();
    await deploy(client);
    await client.patch(`${web}/scale`, { spec: { replicas: 5 } });
    await client.until(web, (object) => numberAt(object, "status", "availableReplicas") === 5);
    await client.patch(`${web}/scale`, { spec: { replicas: 0 } });
    await client.until(web, (object) => (numberAt(object, "status", "replicas") ?? 0) === 0);
  });

  it("say why pods can't be made", async () => {
    const client = await openSandbox();
    const spec = {
      template: {
        metadata: { labels: { app: "web" } },
        spec: { serviceAccountName: "none", containers: [{ name: "app", image: "a" }] },
      },
    };
    await client.create(deployments, workload("Deployment", "web", "1", spec));
    const failed = await client.until(web, (object) => condition(object, "ReplicaFailure") !== undefined);
    expect(condition(failed, "ReplicaFailure")).toMatchObject({
      reason: "FailedCreate",
      message: expect.stringContaining('serviceaccount "none" not found'),
    });
  });
});

describe("pods", () => {
  const pod = (tag: string, spec: JsonObject = {}) => ({
    metadata: { name: "one" },
    spec: { containers: [{ name: "app", image: `app:${tag}` }], ...spec },
  });
  const one = `${core}/pods/one`;
  const state = (object: JsonObject) => valueAt(object, "status", "containerStatuses", 0);

  it.each<[string, JsonObject]>([
    ["missing", { state: { waiting: { reason: "ImagePullBackOff" } }, ready: false, restartCount: 0 }],
    ["crash", { state: { waiting: { reason: "CrashLoopBackOff" } }, lastState: { terminated: { exitCode: 1 } } }],
    ["never-ready", { state: { running: {} }, ready: false }],
    ["exit1", { state: { terminated: { exitCode: 1, reason: "Error" } } }],
    ["1.2", { state: { running: {} }, ready: true }],
  ])("with an image tagged :%s", async (tag, expected) => {
    const client = await openSandbox();
    await client.create(`${core}/pods`, pod(tag));
    expect(state(await client.until(one, (object) => state(object) !== undefined))).toMatchObject(expected);
  });

  it("crash again and again, and tell why in their log", async () => {
    const client = await openSandbox();
    await client.create(`${core}/pods`, pod("crash"));
    await client.until(one, (object) => (numberAt(state(object), "restartCount") ?? 0) >= 3);
    for (const query of ["", "?previous=true", "?container=app"]) {
      expect((await client.send("GET", `${one}/log${query}`)).body["text"]).toBe(
        "starting\nFATAL: DATABASE_URL is not set\n",
      );
    }
    expect((await client.send("GET", `${one}/log?tailLines=1`)).body["text"]).toBe("FATAL: DATABASE_URL is not set\n");
    const events = await client.list(`${core}/events?fieldSelector=involvedObject.name%3Done,reason%3DBackOff`);
    expect(valueAt(events[0], "type")).toBe("Warning");
  });

  it("have no log before they start, and none of a container that they don't have", async () => {
    const client = await openSandbox();
    await client.create(`${core}/pods`, pod("missing"));
    await client.until(one, (object) => state(object) !== undefined);
    const waiting = await client.send("GET", `${one}/log`);
    expect(waiting.body["message"]).toBe(
      'container "app" in pod "one" is waiting to start: trying and failing to pull image',
    );
    const unknown = await client.send("GET", `${one}/log?container=nope`);
    expect(unknown.body["message"]).toBe("container nope is not valid for pod one");
  });

  it("follow their log until they end", async () => {
    const client = await openSandbox();
    await client.create(`${core}/pods`, pod("1"));
    await client.until(one, (object) => valueAt(object, "status", "phase") === "Running");
    const followed = client.send("GET", `${one}/log?follow=true`);
    await client.send("DELETE", one);
    expect((await followed).body["text"]).toBe("starting\n");
  });
});

describe("StatefulSets", () => {
  const sets = `${apps}/statefulsets`;
  const claims = [
    {
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    },
  ];
  const revisions = async (client: Client) =>
    (await client.list(`${core}/pods`)).map((pod) => valueAt(pod, "spec", "containers", 0, "image"));
  const isSettled = (object: JsonObject) =>
    numberAt(object, "status", "observedGeneration") === numberAt(object, "metadata", "generation") &&
    valueAt(object, "status", "currentRevision") === valueAt(object, "status", "updateRevision") &&
    numberAt(object, "status", "readyReplicas") === numberAt(object, "spec", "replicas");

  it("make their pods one after the other, each with its claim", async () => {
    const client = await openSandbox();
    await client.create(
      sets,
      workload("StatefulSet", "db", "1", { replicas: 2, serviceName: "db", volumeClaimTemplates: claims }),
    );
    await client.until(`${core}/pods/db-0`, () => true);
    expect((await client.send("GET", `${core}/pods/db-1`)).code).toBe(404);
    await client.until(`${sets}/db`, isSettled);
    expect(names(await client.list(`${core}/persistentvolumeclaims`))).toEqual(["data-db-0", "data-db-1"]);
    await client.until(
      `${core}/persistentvolumeclaims/data-db-1`,
      (claim) => valueAt(claim, "status", "phase") === "Bound",
    );
  });

  it("update from the last to the first, down to the partition", async () => {
    const client = await openSandbox();
    const updateStrategy = { rollingUpdate: { partition: 1 } };
    await client.create(sets, workload("StatefulSet", "db", "1", { replicas: 3, serviceName: "db", updateStrategy }));
    await client.until(`${sets}/db`, isSettled);
    await client.patch(`${sets}/db`, imagePatch("2"));
    await client.until(
      `${sets}/db`,
      (set) => numberAt(set, "status", "updatedReplicas") === 2 && numberAt(set, "status", "readyReplicas") === 3,
    );
    expect(await revisions(client)).toEqual(["app:1", "app:2", "app:2"]);
    await client.patch(`${sets}/db`, { spec: { updateStrategy: { rollingUpdate: { partition: 0 } } } });
    await client.until(`${sets}/db`, (set) => isSettled(set) && numberAt(set, "status", "updatedReplicas") === 3);
    expect(await revisions(client)).toEqual(["app:2", "app:2", "app:2"]);
  });

  it("leave pods alone that are to be deleted by hand", async () => {
    const client = await openSandbox();
    await client.create(
      sets,
      workload("StatefulSet", "db", "1", { replicas: 1, serviceName: "db", updateStrategy: { type: "OnDelete" } }),
    );
    await client.until(`${sets}/db`, (set) => numberAt(set, "status", "readyReplicas") === 1);
    await client.patch(`${sets}/db`, imagePatch("2"));
    const seen = await client.until(`${sets}/db`, (set) => numberAt(set, "status", "observedGeneration") === 2);
    expect(valueAt(seen, "status", "currentRevision")).not.toBe(valueAt(seen, "status", "updateRevision"));
    expect(await revisions(client)).toEqual(["app:1"]);
    await client.send("DELETE", `${core}/pods/db-0`);
    await client.until(`${core}/pods/db-0`, (pod) => valueAt(pod, "spec", "containers", 0, "image") === "app:2");
  });
});

describe("DaemonSets", () => {
  it("run one pod on the node, and replace it", async () => {
    const client = await openSandbox();
    const path = `${apps}/daemonsets/agent`;
    await client.create(`${apps}/daemonsets`, workload("DaemonSet", "agent", "1"));
    await client.until(path, (set) => numberAt(set, "status", "numberAvailable") === 1);
    await client.patch(path, imagePatch("2"));
    const done = await client.until(
      path,
      (set) =>
        numberAt(set, "status", "observedGeneration") === 2 &&
        numberAt(set, "status", "updatedNumberScheduled") === 1 &&
        numberAt(set, "status", "numberAvailable") === 1,
    );
    expect(done["status"]).toMatchObject({ desiredNumberScheduled: 1, currentNumberScheduled: 1, numberReady: 1 });
  });
});

describe("Jobs", () => {
  const job = (tag: string, spec: JsonObject = {}) => ({
    metadata: { name: "job" },
    spec: {
      template: { spec: { restartPolicy: "Never", containers: [{ name: "app", image: `app:${tag}` }] } },
      ...spec,
    },
  });
  const ended = (object: JsonObject) =>
    condition(object, "Complete") !== undefined || condition(object, "Failed") !== undefined;

  it("complete when as many pods have succeeded as they ask for", async () => {
    const client = await openSandbox();
    await client.create(`${batch}/jobs`, job("1", { completions: 3, parallelism: 2 }));
    const { status } = await client.until(`${batch}/jobs/job`, ended);
    expect(status).toMatchObject({
      succeeded: 3,
      completionTime: expect.any(String),
      conditions: [{ type: "SuccessCriteriaMet" }, { type: "Complete", status: "True", reason: "CompletionsReached" }],
    });
  });

  it("fail when too many pods have failed", async () => {
    const client = await openSandbox();
    await client.create(`${batch}/jobs`, job("exit1", { backoffLimit: 1 }));
    const { status } = await client.until(`${batch}/jobs/job`, ended);
    expect(status).toMatchObject({
      failed: 2,
      conditions: [
        { type: "FailureTarget" },
        { type: "Failed", reason: "BackoffLimitExceeded", message: "Job has reached the specified backoff limit" },
      ],
    });
  });

  it("fail when they take too long", async () => {
    const client = await openSandbox();
    await client.create(`${batch}/jobs`, job("never-ready", { activeDeadlineSeconds: 2 }));
    const failed = await client.until(`${batch}/jobs/job`, ended);
    expect(condition(failed, "Failed")).toMatchObject({ reason: "DeadlineExceeded" });
  });

  it("go when their time is over, with their pods", async () => {
    const client = await openSandbox();
    await client.create(`${batch}/jobs`, job("1", { ttlSecondsAfterFinished: 1 }));
    await client.untilGone(`${batch}/jobs/job`);
  });
});

describe("Services", () => {
  it("list the pods that are ready, and get an address from outside", async () => {
    const client = await openSandbox();
    const service = {
      metadata: { name: "web" },
      spec: { type: "LoadBalancer", selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] },
    };
    const created = await client.create(`${core}/services`, service);
    expect(valueAt(created, "spec")).toMatchObject({
      clusterIP: expect.stringMatching(/^10\./),
      ports: [{ nodePort: expect.any(Number) }],
    });
    await client.until(
      `${core}/services/web`,
      (object) => valueAt(object, "status", "loadBalancer", "ingress", 0, "ip") !== undefined,
    );
    await deploy(client);
    const { subsets } = await client.until(
      `${core}/endpoints/web`,
      (object) => (valueAt(object, "subsets", 0, "addresses") as unknown[] | undefined)?.length === 3,
    );
    expect(subsets).toMatchObject([{ ports: [{ port: 8080, protocol: "TCP" }] }]);
    const slices = await client.list(
      `/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io/service-name%3Dweb`,
    );
    expect(slices).toHaveLength(1);
    await client.send("DELETE", `${core}/services/web`);
    await client.untilGone(`${core}/endpoints/web`);
  });
});

describe("policies", () => {
  it("hold a workload within its autoscaler's bounds, but leave nought alone", async () => {
    const client = await openSandbox();
    await deploy(client);
    const scaler = {
      metadata: { name: "web" },
      spec: {
        minReplicas: 4,
        maxReplicas: 5,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      },
    };
    await client.create("/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers", scaler);
    await client.until(web, (object) => numberAt(object, "status", "readyReplicas") === 4);
    await client.patch(web, { spec: { replicas: 0 } });
    await client.until(web, (object) => (numberAt(object, "status", "replicas") ?? 0) === 0);
    expect(numberAt(await client.get(web), "spec", "replicas")).toBe(0);
  });

  it("count what a disruption budget protects", async () => {
    const client = await openSandbox();
    await deploy(client);
    const budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
    await client.create(budgets, {
      metadata: { name: "web" },
      spec: { minAvailable: "50%", selector: { matchLabels: { app: "web" } } },
    });
    const { status } = await client.until(
      `${budgets}/web`,
      (object) => numberAt(object, "status", "expectedPods") === 3,
    );
    expect(status).toMatchObject({ currentHealthy: 3, desiredHealthy: 2, disruptionsAllowed: 1 });
  });
});
