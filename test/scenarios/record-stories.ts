import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import type { KubeObject } from "../../src/kube/types.ts";
import type { Ended, World } from "./tools.ts";
import { freshName, historyOf } from "./world.ts";

const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: "1"}\n`;

const failingHook = (event: string) => `apiVersion: batch/v1
kind: Job
metadata:
  name: fails
  annotations: {helm.sh/hook: ${event}}
spec:
  backoffLimit: 0
  template: {spec: {restartPolicy: Never, containers: [{name: it, image: "registry.example/it:exit1"}]}}
`;

/** What is recorded blocks nothing, whatever has become of it. */
export function recordStories(worldOf: () => World): void {
  const folder = mkdtempSync(join(tmpdir(), "slipway-records-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let made = 0;

  function chartOf(templates: Record<string, string>): string {
    made += 1;
    const chart = join(folder, `${made}`);
    mkdirSync(join(chart, "templates"), { recursive: true });
    writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: it\nversion: 1.0.0\n");
    for (const [name, text] of Object.entries(templates)) writeFileSync(join(chart, "templates", name), text);
    return chart;
  }

  async function done(...words: string[]): Promise<Ended> {
    const ended = await worldOf().slipway(...words);
    expect(ended, ended.err).toMatchObject({ code: 0 });
    return ended;
  }

  const configMapsIn = async (namespace: string) => {
    const { items } = await worldOf().kube.list("v1", "ConfigMap", { namespace });
    return items.map(({ metadata }) => metadata.name).filter((name) => name !== "kube-root-ca.crt");
  };

  /** A definition of the kind `Widget`, and objects of it; `served` are its versions, the last of which is stored. */
  function widgets() {
    const group = `${freshName("w")}.example.com`;
    const name = `widgets.${group}`;
    const ref = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name };
    const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
    const definition = (served: string[]): KubeObject => ({
      apiVersion: ref.apiVersion,
      kind: ref.kind,
      metadata: { name },
      spec: {
        group,
        scope: "Namespaced",
        names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
        versions: served.map((version) => ({
          name: version,
          served: true,
          storage: version === served.at(-1),
          schema,
        })),
      },
    });
    const { kube } = worldOf();
    const isServed = async (version: string) => {
      kube.discovery.refresh();
      return (await kube.discovery.find(`${group}/${version}`, "Widget")) !== undefined;
    };
    return {
      template: (version: string, size: number, more = "") =>
        `apiVersion: ${group}/${version}\nkind: Widget\nmetadata:\n  name: one\n${more}spec: {size: ${size}}\n`,
      async serve(...versions: string[]) {
        const live = await kube.get(ref);
        if (live) await kube.patch(ref, "merge", { spec: { versions: definition(versions)["spec"] } });
        else await kube.create(definition(versions));
        await vi.waitFor(async () => expect(await isServed(versions.at(-1) ?? "")).toBe(true), 10_000);
      },
      async drop(kept?: string) {
        if (kept === undefined) await kube.delete(ref);
        else {
          const { versions } = definition([kept])["spec"] as { versions: unknown };
          await kube.patch(ref, "merge", { spec: { versions } });
        }
        await vi.waitFor(async () => expect(await isServed("v1alpha1")).toBe(false), 10_000);
      },
      get: (namespace: string) => kube.get({ apiVersion: `${group}/v1`, kind: "Widget", namespace, name: "one" }),
    };
  }

  test("a revision goes back to what the cluster serves in another version now", { timeout: 60_000 }, async () => {
    const namespace = freshName("version");
    const place = ["-n", namespace];
    const widget = widgets();
    await widget.serve("v1alpha1", "v1");
    const hook = widget
      .template("v1alpha1", 9, '  annotations: {"helm.sh/hook": pre-rollback}\n')
      .replace("one", "two");
    const first = chartOf({ "a.yaml": widget.template("v1alpha1", 1), "hook.yaml": hook });
    await done("deploy", "it", first, ...place, "--create-namespace");
    await widget.drop("v1");
    const refused = await worldOf().slipway("deploy", "it", first, ...place);
    expect(refused.err).toContain("does not know the kind Widget");
    await done("deploy", "it", chartOf({ "a.yaml": widget.template("v1", 2), "b.yaml": configMap("b") }), ...place);
    expect(await widget.get(namespace)).toMatchObject({ spec: { size: 2 } });
    await done("rollback", "it", "1", ...place);
    expect(await widget.get(namespace)).toMatchObject({ spec: { size: 1 } });
    expect(await configMapsIn(namespace)).toEqual([]);
    expect((await done("status", "it", ...place)).out).toContain("Widget");
    await done("uninstall", "it", ...place);
    expect(await widget.get(namespace)).toBeUndefined();
  });

  test("what is of a kind that is gone is left out, and told", { timeout: 60_000 }, async () => {
    const namespace = freshName("gone");
    const place = ["-n", namespace];
    const widget = widgets();
    await widget.serve("v1alpha1");
    const chart = chartOf({ "a.yaml": widget.template("v1alpha1", 1), "b.yaml": configMap("b") });
    const hooked = widget.template("v1alpha1", 1, '  annotations: {"helm.sh/hook": "pre-delete,pre-rollback"}\n');
    await done("deploy", "it", chart, ...place, "--create-namespace");
    await done("deploy", "it", chartOf({ "hook.yaml": hooked, "c.yaml": configMap("c") }), ...place);
    await widget.drop();
    const back = await done("rollback", "it", "1", ...place);
    expect(back.out + back.err).toMatch(/Widget .*one of revision 1 is of a kind that the cluster no longer serves/);
    expect(await configMapsIn(namespace)).toEqual(["b"]);
    await done("deploy", "it", chartOf({ "d.yaml": configMap("d") }), ...place);
    expect(await configMapsIn(namespace)).toEqual(["d"]);
    await done("rollback", "it", "2", ...place);
    expect(await configMapsIn(namespace)).toEqual(["c"]);
    await done("uninstall", "it", ...place);
    expect(await configMapsIn(namespace)).toEqual([]);
  });

  test("records that nobody can read block nothing", { timeout: 60_000 }, async () => {
    const namespace = freshName("garbage");
    const place = ["-n", namespace];
    const { kube } = worldOf();
    const spoil = async (revision: number) => {
      const ref = { apiVersion: "v1", kind: "Secret", namespace, name: `sh.helm.release.v1.it.v${revision}` };
      await kube.patch(ref, "merge", { data: { release: Buffer.from("garbage").toString("base64") } });
    };
    const chart = (name: string) => chartOf({ "a.yaml": configMap("a"), "b.yaml": configMap(name) });
    await done("deploy", "it", chart("b"), ...place, "--create-namespace");
    await done("deploy", "it", chart("c"), ...place);
    await spoil(2);
    const warned = await done("deploy", "it", chart("d"), ...place);
    expect(warned.out + warned.err).toMatch(/sh\.helm\.release\.v1\.it\.v2 .*nobody can read it/);
    expect(await historyOf(worldOf(), "it", namespace)).toMatchObject([{ revision: 1 }, { revision: 3 }]);
    await spoil(3);
    expect(JSON.parse((await done("list", ...place, "-o", "json")).out)).toMatchObject([{ name: "it", revision: "1" }]);
    await done("rollback", "it", "1", ...place);
    expect((await done("get", "manifest", "it", ...place)).out).toContain("name: b");
    await spoil(4);
    await done("uninstall", "it", ...place);
    expect((await kube.list("v1", "Secret", { namespace, labels: { owner: "helm" } })).items).toEqual([]);
  });

  test("what failed revisions added goes before their last record does", { timeout: 60_000 }, async () => {
    const namespace = freshName("orphan");
    const place = ["-n", namespace, "--history-max", "2", "--on-failure", "keep"];
    const deploy = (name: string, failsAt?: "pre-upgrade" | "post-upgrade") => {
      const templates = { "a.yaml": configMap("a"), ...(name !== "a" && { "b.yaml": configMap(name) }) };
      const chart = chartOf({ ...templates, ...(failsAt && { "hook.yaml": failingHook(failsAt) }) });
      return worldOf().slipway("deploy", "it", chart, ...place);
    };
    const kept = async () => (await historyOf(worldOf(), "it", namespace)).map(({ revision }) => revision);
    await done("deploy", "it", chartOf({ "a.yaml": configMap("a") }), ...place, "--create-namespace");
    expect((await deploy("b", "post-upgrade")).code).toBe(1);
    expect(await configMapsIn(namespace)).toEqual(["a", "b"]);
    // It fails before it changes anything: what the second revision added is known by that one's record alone.
    expect((await deploy("c", "pre-upgrade")).code).toBe(1);
    expect(await kept()).toEqual([1, 3]);
    expect(await configMapsIn(namespace)).toEqual(["a"]);
    // Here the changes are made, and the failed revision before has nothing left to tell.
    expect((await deploy("d", "post-upgrade")).code).toBe(1);
    expect(await kept()).toEqual([1, 4]);
    await done("deploy", "it", chartOf({ "a.yaml": configMap("a") }), ...place);
    expect(await configMapsIn(namespace)).toEqual(["a"]);
    expect(await kept()).toEqual([4, 5]);
  });
}
