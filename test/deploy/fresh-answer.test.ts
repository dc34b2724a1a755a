import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApplyContext } from "../../src/apply/context.ts";
import { systemClock } from "../../src/base/clock.ts";
import { askServer } from "../../src/deploy/ask-server.ts";
import { connect } from "../../src/kube/connect.ts";
import { refOf } from "../../src/kube/ref.ts";
import type { ApplyMethod, KubeClient, KubeObject } from "../../src/kube/types.ts";
import { asTold } from "../../src/plan/as-told.ts";
import type { Answer } from "../../src/plan/hazards/types.ts";
import { planChanges } from "../../src/plan/planner.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";

let sandbox: Sandbox;
let kube: KubeClient;
beforeAll(async () => {
  sandbox = await startSandbox();
  kube = await connect({ kubeconfig: sandbox.kubeconfig });
});
afterAll(async () => {
  kube.close();
  await sandbox.close();
});

const owner = { release: "it", namespace: "default" };
const annotations = { "meta.helm.sh/release-name": "it", "meta.helm.sh/release-namespace": "default" };
const labels = { "app.kubernetes.io/managed-by": "Helm" };
const map = (name: string, data: Record<string, string>): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "default" },
  data,
});

let made = 0;
/** An object of the release, changed by the chart, and what the plan shows when somebody writes between read and dry run. */
async function shown(
  { method, isWhole = false, times = 1 }: { method: ApplyMethod; isWhole?: boolean; times?: number },
  meanwhile: Record<string, unknown>,
) {
  made += 1;
  const before = map(`map-${made}`, { a: "1", b: "1" });
  const metadata = { ...before.metadata, annotations, labels };
  const live = await kube.create({ ...before, metadata }, { fieldManager: "helm" });
  const ref = refOf(live);
  const desired = map(ref.name, { a: "2", b: "1" });
  const planned = planChanges({
    owner,
    desired: [{ object: desired }],
    recorded: [{ objects: [{ object: before }], succeeded: true }],
    live: new Map([[`/ConfigMap/default/${ref.name}`, live]]),
    method,
    takeOwnership: false,
  });
  let left = times;
  const controller = async () => {
    left -= 1;
    const stamped = { metadata: { annotations: { stamp: String(left) } } };
    await kube.patch(ref, "merge", { ...stamped, ...meanwhile }, { fieldManager: "controller" });
  };
  const hurried: KubeClient = {
    ...kube,
    async patch(...given) {
      if (left > 0) await controller();
      return await kube.patch(...given);
    },
    async replace(...given) {
      if (left > 0) await controller();
      return await kube.replace(...given);
    },
  };
  const signal = new AbortController().signal;
  const context: ApplyContext = {
    kube: hurried,
    clock: systemClock,
    signal,
    emit: () => {},
    timeoutMs: 1000,
    forceConflicts: false,
  };
  const answers = new Map<string, Answer>();
  const [change] = await askServer(context, asTold(planned, { forceReplace: isWhole }), answers);
  return { change, answers: [...answers.values()] };
}

const onlyOurs = [{ op: "replace", path: "/data/a", value: "2" }];

describe("what a controller writes between the reading and the dry run is no change of ours", () => {
  test.each([
    { method: "csa", times: 1 },
    { method: "csa", times: 3 },
    { method: "ssa", times: 1 },
    { method: "ssa", times: 3 },
  ] as const)("by $method, $times times", async (how) => {
    const { change, answers } = await shown(how, {});
    expect(change?.operations).toEqual(onlyOurs);
    expect(answers).toEqual([{ taken: true }]);
  });

  test("and where the object is sent whole, its new version is no refusal", async () => {
    const { change, answers } = await shown({ method: "csa", isWhole: true }, {});
    expect(change?.reason).toBeUndefined();
    expect(change?.operations).toContainEqual(onlyOurs[0]);
    expect(answers).toEqual([{ taken: true }]);
  });
});

test("what somebody undid meanwhile is a change, too", async () => {
  const { change } = await shown({ method: "csa" }, { data: { b: "9" } });
  expect(change?.operations).toEqual([{ op: "replace", path: "/data/b", value: "1" }, ...onlyOurs]);
});

test("what somebody did meanwhile that we were to do is none", async () => {
  const { change } = await shown({ method: "csa" }, { data: { a: "2" } });
  expect(change).toMatchObject({ action: "nothing", operations: [] });
});

test("an object that is written all the time is still planned", async () => {
  const { change, answers } = await shown({ method: "csa", times: 1000 }, {});
  expect(change?.operations).toContainEqual(onlyOurs[0]);
  expect(answers).toEqual([{ taken: true }]);
});
