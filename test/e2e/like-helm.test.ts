import { beforeAll, describe, expect, inject, test } from "vitest";
import type { KubeObject } from "../../src/kube/types.ts";
import type { World } from "../scenarios/tools.ts";
import { freshName, openWorld, shop } from "../scenarios/world.ts";
import { comparable } from "../side-by-side/snapshot.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
});

type Tool = (...words: string[]) => Promise<{ code: number; err: string }>;
type Story = {
  name: string;
  /** What a person, or another controller, does to the release in between. */
  meddle: (namespace: string) => Promise<unknown>;
  /** What either tool does then. */
  mend: (tool: Tool, place: string[]) => Promise<{ code: number; err: string }>;
  check: (deployment: KubeObject) => void;
};

const web = (namespace: string) => ({ apiVersion: "apps/v1", kind: "Deployment", namespace, name: "shop-web" });

const stories: Story[] = [
  {
    name: "replicas scaled to 0 by hand come back with a rollback",
    meddle: (namespace) => world.kubectl("scale", "-n", namespace, "deployment/shop-web", "--replicas=0"),
    mend: (tool, place) => tool("rollback", "shop", "1", ...place),
    check: (deployment) => expect(deployment).toMatchObject({ spec: { replicas: 2 } }),
  },
  {
    name: "a sidecar injected by hand survives an upgrade",
    meddle: (namespace) =>
      world.kube.patch(web(namespace), "strategic", {
        spec: { template: { spec: { containers: [{ name: "mesh", image: "registry.example/mesh:1.0" }] } } },
      }),
    mend: (tool, place) => tool("upgrade", "shop", shop, ...place, "--set", "image.tag=1.1"),
    check: (deployment) =>
      // A strategic merge puts what it adds before what is there.
      expect(deployment).toMatchObject({
        spec: { template: { spec: { containers: [{ name: "mesh" }, { image: "registry.example/shop:1.1" }] } } },
      }),
  },
];

describe.concurrent.each(stories)("$name", ({ meddle, mend, check }) => {
  test("and leaves the objects that Helm 3 leaves", async () => {
    const [ours, theirs] = await Promise.all([play("slipway"), play("helm3")]);
    expect(ours).toEqual(theirs);
  });

  async function play(name: "slipway" | "helm3") {
    const namespace = freshName("seed");
    const place = ["-n", namespace];
    expect((await world.helm3("install", "shop", shop, ...place, "--create-namespace", "--wait")).code).toBe(0);
    await meddle(namespace);
    expect(await mend(world[name], [...place, "--wait"])).toMatchObject({ code: 0 });
    const deployment = await world.kube.get(web(namespace));
    if (deployment === undefined) throw new Error("The Deployment is gone");
    check(deployment);
    const kinds = [
      ["apps/v1", "Deployment"],
      ["apps/v1", "StatefulSet"],
      ["v1", "Service"],
      ["v1", "ConfigMap"],
    ] as const;
    const lists = await Promise.all(
      kinds.map(
        async ([apiVersion, kind]) =>
          [apiVersion, kind, await world.kube.list(apiVersion, kind, { namespace })] as const,
      ),
    );
    const objects = lists.flatMap(([apiVersion, kind, { items }]) =>
      items.map((item) => ({ ...item, apiVersion, kind })),
    );
    return comparable(objects, namespace);
  }
});
