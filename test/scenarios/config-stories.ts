import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { arrayAt, objectAt, stringAt } from "../../src/base/json-path.ts";
import type { World } from "./tools.ts";
import { freshName } from "./world.ts";

const chart = fileURLToPath(new URL("./config-chart", import.meta.url));
const checksum = "slipway.dev/config-checksum";

/** Configuration that reaches the pods; the same on every cluster. */
export function configStories(world: () => World): void {
  const deploy = (namespace: string, ...more: string[]) =>
    world().slipway("deploy", "it", chart, "-n", namespace, "--create-namespace", ...more);
  const namesOf = async (kind: string, namespace: string) =>
    (await world().kube.list("v1", kind, { namespace })).items
      .map(({ metadata }) => metadata.name ?? "")
      .filter((name) => name.startsWith("it-"))
      .sort();
  const template = async (namespace: string) => {
    const live = await world().kube.get({ apiVersion: "apps/v1", kind: "Deployment", name: "it", namespace });
    return objectAt(live, "spec", "template") ?? {};
  };
  const used = async (namespace: string) => {
    const spec = objectAt(await template(namespace), "spec");
    const [volume] = arrayAt(spec, "volumes");
    const [container] = arrayAt(spec, "containers");
    return {
      settings: stringAt(volume, "projected", "sources", 0, "configMap", "name") ?? "",
      login: stringAt(container, "env", 0, "valueFrom", "secretKeyRef", "name") ?? "",
    };
  };

  describe("configuration", () => {
    test("reaches the pods by a checksum", async () => {
      const namespace = freshName("annotate");
      const mode = ["--config-rollout", "annotate"];
      const sumOf = async () => stringAt(await template(namespace), "metadata", "annotations", checksum);
      expect(await deploy(namespace, ...mode)).toMatchObject({ code: 0, err: "" });
      const first = await sumOf();
      expect(first).toMatch(/^[0-9a-f]{64}$/);
      const again = await world().slipway("plan", "it", chart, "-n", namespace, ...mode, "--exit-code");
      expect(again).toMatchObject({ code: 0, err: "" });
      expect(await deploy(namespace, ...mode, "--set", "message=two")).toMatchObject({ code: 0 });
      const second = await sumOf();
      expect(second).not.toBe(first);
      expect(await deploy(namespace, ...mode, "--set", "message=two,password=other")).toMatchObject({ code: 0 });
      expect(await sumOf()).not.toBe(second);
      expect(await deploy(namespace)).toMatchObject({ code: 0 });
      expect(await sumOf()).toBeUndefined();
    });

    test("reaches the pods under a name of its own, and a rollback finds the old one", async () => {
      const namespace = freshName("rename");
      const mode = ["--config-rollout", "rename", "--history-max", "3"];
      expect(await deploy(namespace, ...mode)).toMatchObject({ code: 0, err: "" });
      const first = await used(namespace);
      expect(first.settings).toMatch(/^it-settings-[0-9a-f]{10}$/);
      expect(await namesOf("ConfigMap", namespace)).toEqual([first.settings, "it-unused"].sort());
      expect(await namesOf("Secret", namespace)).toEqual([first.login]);

      expect(await deploy(namespace, ...mode, "--set", "message=two")).toMatchObject({ code: 0 });
      const second = await used(namespace);
      expect(second.login).toBe(first.login);
      expect(await namesOf("ConfigMap", namespace)).toEqual([first.settings, second.settings, "it-unused"].sort());

      expect((await world().slipway("rollback", "it", "1", "-n", namespace)).code).toBe(0);
      expect(await used(namespace)).toEqual(first);
      expect(await namesOf("ConfigMap", namespace)).toContain(second.settings);

      // Behind these, no kept revision has the second one's any more.
      for (const message of ["three", "four", "five"]) {
        expect(await deploy(namespace, ...mode, "--set", `message=${message}`)).toMatchObject({ code: 0 });
      }
      expect(await namesOf("ConfigMap", namespace)).not.toContain(second.settings);
      expect((await world().slipway("uninstall", "it", "-n", namespace)).code).toBe(0);
      expect(await namesOf("ConfigMap", namespace)).toEqual([]);
      expect(await namesOf("Secret", namespace)).toEqual([]);
    });

    test("of a deploy that fails is taken back with it", async () => {
      const namespace = freshName("taken-back");
      const mode = ["--config-rollout", "rename"];
      expect(await deploy(namespace, ...mode)).toMatchObject({ code: 0 });
      const before = await used(namespace);
      const all = await namesOf("ConfigMap", namespace);
      expect(await deploy(namespace, ...mode, "--set", "message=two,tag=crash")).toMatchObject({ code: 1 });
      expect(await used(namespace)).toEqual(before);
      expect(await namesOf("ConfigMap", namespace)).toEqual(all);
    });
  });
}
