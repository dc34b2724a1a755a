import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { arrayAt, stringAt, valueAt } from "../../src/base/json-path.ts";
import type { World } from "./tools.ts";
import { freshName, historyOf } from "./world.ts";

type Version = { name: string; fields: string[]; stored?: boolean };

/** The definitions under `crds/` of a chart, from its first version to its last; the same on every cluster. */
export function definitionStories(world: () => World): void {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-crds-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  let charts = 0;
  function chart(group: string, versions: Version[], custom?: string): string {
    charts += 1;
    const path = join(folder, `chart${charts}`);
    mkdirSync(join(path, "templates"), { recursive: true });
    mkdirSync(join(path, "crds"));
    const definition = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `widgets.${group}`, creationTimestamp: null },
      spec: {
        group,
        scope: "Namespaced",
        preserveUnknownFields: false,
        names: { kind: "Widget", plural: "widgets" },
        versions: versions.map(({ name, fields, stored = false }) => ({
          name,
          served: true,
          storage: stored,
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: {
                spec: {
                  type: "object",
                  properties: Object.fromEntries(fields.map((field) => [field, { type: "string" }])),
                },
              },
            },
          },
        })),
      },
    };
    writeFileSync(join(path, "Chart.yaml"), `apiVersion: v2\nname: it\nversion: 1.0.${charts}\n`);
    writeFileSync(join(path, "crds/widgets.yaml"), JSON.stringify(definition));
    const object = custom
      ? { apiVersion: `${group}/${custom}`, kind: "Widget", metadata: { name: "w" } }
      : { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "plain" }, data: { chart: `${charts}` } };
    writeFileSync(join(path, "templates/all.yaml"), JSON.stringify(object));
    return path;
  }

  const live = (group: string) =>
    world().kube.get({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      name: `widgets.${group}`,
    });

  const fieldsOf = async (group: string, version: string) => {
    const found = arrayAt(await live(group), "spec", "versions").find((one) => stringAt(one, "name") === version);
    return Object.keys(
      (valueAt(found, "schema", "openAPIV3Schema", "properties", "spec", "properties") ?? {}) as object,
    );
  };

  const v1: Version = { name: "v1", fields: ["a", "old"], stored: true };
  const newer: Version[] = [
    { name: "v1", fields: ["a", "b"], stored: true },
    { name: "v2", fields: ["a"] },
  ];

  test("they are created, kept as they are, and upgraded where that is asked; never taken away", async () => {
    const { slipway } = world();
    const namespace = freshName("crds");
    const group = `${namespace}.example.com`;
    const place = ["-n", namespace];
    expect(await slipway("deploy", "it", chart(group, [v1], "v1"), ...place, "--create-namespace")).toMatchObject({
      code: 0,
      err: "",
    });
    const again = await slipway("deploy", "it", chart(group, [v1]), ...place);
    expect(again).toMatchObject({ code: 0, err: "" });
    expect(again.out).not.toContain("Warning");

    const kept = await slipway("deploy", "it", chart(group, newer), ...place);
    expect(kept).toMatchObject({ code: 0, err: "" });
    expect(kept.out).toMatch(/Warning: The definition widgets\.\S+ differs from the chart's .*--crds upgrade/);
    expect(await fieldsOf(group, "v1")).toEqual(["a", "old"]);

    const upgrade = chart(group, newer, "v2");
    const planned = await slipway("plan", "it", upgrade, ...place, "--crds", "upgrade", "--exit-code");
    expect(planned).toMatchObject({ code: 2, err: "" });
    expect(planned.out).toMatch(/~ CustomResourceDefinition widgets\./);
    expect(await fieldsOf(group, "v1")).toEqual(["a", "old"]);

    const upgraded = await slipway("deploy", "it", upgrade, ...place, "--crds", "upgrade");
    expect(upgraded).toMatchObject({ code: 0, err: "" });
    expect(await fieldsOf(group, "v1")).toEqual(["a", "b"]);
    expect(await fieldsOf(group, "v2")).toEqual(["a"]);
    const settled = await slipway("plan", "it", upgrade, ...place, "--crds", "upgrade", "--exit-code");
    expect(settled).toMatchObject({ code: 0, err: "" });

    expect((await slipway("rollback", "it", "1", ...place)).code).toBe(0);
    expect((await slipway("uninstall", "it", ...place)).code).toBe(0);
    expect(await fieldsOf(group, "v1")).toEqual(["a", "b"]);
  });

  test("one that would lose a stored version is refused before anything is changed", async () => {
    const { slipway } = world();
    const namespace = freshName("stored");
    const group = `${namespace}.example.com`;
    const place = ["-n", namespace];
    expect((await slipway("deploy", "it", chart(group, [v1]), ...place, "--create-namespace")).code).toBe(0);
    const lost = chart(group, [{ name: "v2", fields: ["a"], stored: true }]);
    const refused = await slipway("deploy", "it", lost, ...place, "--crds", "upgrade");
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/CustomResourceDefinition widgets\.\S+ loses version v1, in which objects are stored/);
    expect(await historyOf(world(), "it", namespace)).toHaveLength(1);
    expect(await fieldsOf(group, "v1")).toEqual(["a", "old"]);
  });

  test("they are left out where that is asked", async () => {
    const namespace = freshName("none");
    const group = `${namespace}.example.com`;
    const words = ["deploy", "it", chart(group, [v1]), "-n", namespace, "--create-namespace", "--crds=skip"];
    expect(await world().slipway(...words)).toMatchObject({ code: 0, err: "" });
    expect(await live(group)).toBeUndefined();
  });
}
