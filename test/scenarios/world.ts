import { fileURLToPath } from "node:url";
import { afterAll, expect, vi } from "vitest";
import type { KubeObject } from "../../src/kube/types.ts";
import { makeWorld, type World } from "./tools.ts";

export const shop = fileURLToPath(new URL("../../examples/shop", import.meta.url));

/** A world on the cluster that the kubeconfig, its path or its text, names; closed when the tests of the file are over. */
export async function openWorld(given: string, more: Record<string, string> = {}): Promise<World> {
  const world = await makeWorld(given, more);
  afterAll(() => world.close());
  return world;
}

let made = 0;

/** A name that no other test uses, for a namespace. */
export function freshName(prefix: string): string {
  made += 1;
  return `${prefix}-${process.pid.toString(36)}-${Date.now().toString(36)}-${made}`;
}

type Revision = { revision: number; status: string; description: string };

/** A release's revisions, as Slipway tells them. */
export async function historyOf(world: World, release: string, namespace: string): Promise<Revision[]> {
  const { code, out, err } = await world.slipway("history", release, "-n", namespace, "-o", "json");
  if (code !== 0) throw new Error(err);
  return JSON.parse(out);
}

/** Waits until just these images run in the ready pods: the last old pod may still be on its way out. */
export async function expectReadyImages(
  world: World,
  namespace: string,
  labels: Record<string, string>,
  images: string[],
) {
  const check = async () => expect(await readyImages(world, namespace, labels)).toEqual(images);
  await vi.waitFor(check, { timeout: 20_000, interval: 100 });
}

/** Images of the pods that are ready. */
export async function readyImages(world: World, namespace: string, labels: Record<string, string>): Promise<string[]> {
  const { items } = await world.kube.list("v1", "Pod", { namespace, labels });
  return items.filter(isReady).flatMap(imagesOf);
}

function isReady(pod: KubeObject): boolean {
  const status = pod["status"] as { conditions?: { type: string; status: string }[] } | undefined;
  const isThere = pod.metadata.deletionTimestamp === undefined;
  return isThere && (status?.conditions ?? []).some(({ type, status: is }) => type === "Ready" && is === "True");
}

function imagesOf(pod: KubeObject): string[] {
  const spec = pod["spec"] as { containers: { image: string }[] };
  return spec.containers.map(({ image }) => image);
}
