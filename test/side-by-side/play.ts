import { numberAt } from "../../src/base/json-path.ts";
import type { KubeObject } from "../../src/kube/types.ts";
import type { World } from "../scenarios/tools.ts";
import { comparable, everyObject, isMadeByController, type Snapshot } from "./snapshot.ts";

export type Helm = "helm3" | "helm4";

/** A chart's life, as both tools play it. */
export type Story = {
  chart: string;
  /** The Helm to be like: 3 with client-side patches, 4 with server-side apply. */
  helm: Helm;
  /** A values file for the upgrade. */
  changed: string;
  wait: boolean;
  /** Which objects of the cluster are this run's. */
  isOurs: (object: KubeObject, namespace: string) => boolean;
};

export type Scene = "install" | "upgrade" | "rollback" | "uninstall";
export type Played = { scene: Scene; left: Snapshot; ms: number };

/** Installs, upgrades, rolls back and uninstalls with one tool; what each step left in the cluster. */
export async function* play(
  world: World,
  tool: "slipway" | Helm,
  story: Story,
  namespace: string,
): AsyncGenerator<Played> {
  const place = ["-n", namespace];
  const wait = story.wait ? ["--wait"] : tool === "slipway" ? ["--wait=false"] : [];
  const flags = tool === "slipway" ? slipwayFlags(story) : [];
  const deploy = (verb: string, ...more: string[]) => [verb, "it", story.chart, ...place, ...wait, ...flags, ...more];
  const scenes: [Scene, string[]][] = [
    ["install", deploy("install", "--create-namespace")],
    ["upgrade", deploy("upgrade", "-f", story.changed)],
    ["rollback", ["rollback", "it", "1", ...place, ...wait]],
    ["uninstall", ["uninstall", "it", ...place, ...wait]],
  ];
  for (const [scene, words] of scenes) {
    const started = performance.now();
    const { code, err } = await world[tool](...words);
    const ms = performance.now() - started;
    if (code !== 0) throw new Error(`${tool} ${words.join(" ")} ended with ${code}:\n${err}`);
    yield { scene, left: await whatIsLeft(world, story, namespace), ms };
  }
}

/** With which Slipway writes as that Helm does. */
export function slipwayFlags({ helm }: Pick<Story, "helm">): string[] {
  return helm === "helm3" ? ["--helm", "3", "--server-side=false"] : ["--helm", "4", "--server-side=true"];
}

/** What is there once nothing moves any more: controllers have seen what the tool wrote, and what it deleted is gone. */
async function whatIsLeft(world: World, { isOurs, wait }: Story, namespace: string): Promise<Snapshot> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const all = await everyObject(world.kube);
    const objects = all.filter((object) => isOurs(object, namespace) && !isMadeByController(object));
    if (!objects.every(isAtRest) && performance.now() < deadline) continue;
    // Without waiting, whether a pod is there yet is chance.
    return comparable(wait ? objects : objects.filter(({ kind }) => kind !== "Pod"), namespace);
  }
}

const observed = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

function isAtRest(object: KubeObject): boolean {
  const { metadata, kind } = object;
  if (metadata.deletionTimestamp !== undefined) return false;
  if (!observed.has(kind)) return true;
  const isSeen = (numberAt(object, "status", "observedGeneration") ?? 0) >= (metadata.generation ?? 0);
  const [wanted, updated] = [numberAt(object, "spec", "replicas"), numberAt(object, "status", "updatedReplicas")];
  return isSeen && (kind !== "Deployment" || (wanted ?? 0) === (updated ?? 0));
}
