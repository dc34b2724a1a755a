import { fileURLToPath } from "node:url";
import { beforeAll, expect, inject, test } from "vitest";
import type { KubeObject } from "../../src/kube/types.ts";
import type { World } from "../scenarios/tools.ts";
import { freshName, openWorld } from "../scenarios/world.ts";
import { type Difference, describeDifference, differencesOf } from "../side-by-side/differences.ts";
import { type Helm, type Played, play, type Story, slipwayFlags } from "../side-by-side/play.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
});

const chartAt = (name: string) => fileURLToPath(new URL(`../fixtures/deployed/${name}`, import.meta.url));

type Row = {
  name: string;
  /** Objects that an install leaves at least, without what a namespace has by itself. */
  least: number;
  /** What we do not want to have like Helm: how its descriptions begin. */
  better?: { [helm in Helm]?: string[] };
};

// Helm 3 takes with an upgrade what a null brought with the install; Helm 4 and we leave it.
const keptNulls = ["upgrade", "rollback"].flatMap((scene) => [
  `${scene}: v1 ConfigMap NAMESPACE/binary .data.null-value: "" with Slipway, nothing with Helm`,
  `${scene}: v1 ConfigMap NAMESPACE/binary .metadata.managers[0].fieldsV1.f:data.f:null-value: {} with Slipway, nothing with Helm`,
]);

// Of two ports of one number, for two protocols, Helm 3 loses one with an upgrade.
const bothPorts = [
  "upgrade: apps/v1 Deployment NAMESPACE/it-web .spec.template.spec.containers[0].ports: ",
  'upgrade: apps/v1 Deployment NAMESPACE/it-web .metadata.managers[0].fieldsV1.f:spec.f:template.f:spec.f:containers.k:{"name":"web"}.f:ports.k:{"containerPort":9100,"protocol":"TCP"}: ',
  "upgrade: v1 Service NAMESPACE/it-web .spec.ports: ",
  'upgrade: v1 Service NAMESPACE/it-web .metadata.managers[0].fieldsV1.f:spec.f:ports.k:{"port":9100,"protocol":"TCP"}: ',
];

const charts: Row[] = [
  { name: "workloads", least: 16, better: { helm3: bothPorts } },
  { name: "platform", least: 20 },
  { name: "hooks", least: 7 },
  { name: "oddities", least: 5, better: { helm3: keptNulls } },
];

/** What lies in the namespace, or in one that is named after it, or speaks of it. */
function isOurs(object: KubeObject, namespace: string): boolean {
  const { name, namespace: place = "" } = object.metadata;
  return place.startsWith(namespace) || name.startsWith(namespace) || name === "widgets.deployed.example.com";
}

const rows = charts.flatMap((row) => (["helm3", "helm4"] as const).map((helm) => ({ ...row, helm })));

test.concurrent.each(rows)(
  "the chart $name leaves what $helm leaves, and a plan right after a deploy is empty",
  async ({ name, least, better, helm }) => {
    const chart = chartAt(name);
    const story: Story = { chart, helm, changed: `${chart}/changed.yaml`, wait: name !== "platform", isOurs };
    const [theirs, ours] = await Promise.all([playAll(helm, story), playAll("slipway", story)]);
    expect(ours.map(({ scene }) => scene)).toEqual(["install", "upgrade", "rollback", "uninstall"]);
    expect(ours[0]?.left.size).toBeGreaterThanOrEqual(least + 2);
    const differences = ours.flatMap(({ scene, left }, index) =>
      differencesOf(left, theirs[index]?.left ?? new Map())
        .filter((found) => !(helm === "helm4" && isOwnershipOnly(found)))
        .map((found) => `${scene}: ${describeDifference(found)}`),
    );
    const wanted = better?.[helm] ?? [];
    expect(differences.map((found) => wanted.find((start) => found.startsWith(start)) ?? found)).toEqual(wanted);
  },
);

/**
 * Helm 4 applies namespaces and hooks, too, which it never applies again: of these it does not matter which fields it says
 * it manages. And we send no nulls along.
 */
function isOwnershipOnly({ object, path }: Difference): boolean {
  const isAppliedOnce = / (Namespace|Job|ServiceAccount) NAMESPACE\S*$| ConfigMap NAMESPACE\/once$/.test(object);
  const isNull = /\.f:(creationTimestamp|tolerations|replicas|affinity)$/.test(path);
  return path.startsWith(".metadata.managers[0]") && (isAppliedOnce || isNull);
}

async function playAll(tool: "slipway" | Helm, story: Story): Promise<Played[]> {
  const namespace = freshName("side");
  const played: Played[] = [];
  for await (const scene of play(world, tool, story, namespace)) {
    played.push(scene);
    if (tool === "slipway" && scene.scene !== "uninstall") await expectEmptyPlan(story, namespace, scene);
  }
  return played;
}

async function expectEmptyPlan(story: Story, namespace: string, { scene }: Played): Promise<void> {
  const values = scene === "upgrade" ? ["-f", story.changed] : [];
  const words = ["plan", "it", story.chart, "-n", namespace, ...slipwayFlags(story), ...values, "--exit-code"];
  const planned = await world.slipway(...words);
  expect(planned.code === 0 ? "" : `after ${scene}: ${planned.out}${planned.err}`).toBe("");
}
