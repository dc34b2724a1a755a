import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { World } from "../scenarios/tools.ts";
import { freshName, openWorld } from "../scenarios/world.ts";

let worlds: { Secret: World; ConfigMap: World };
let chart: string;

/** 3.4 MB that do not compress, as files, and with `n` as ConfigMaps, too. */
beforeAll(async () => {
  worlds = {
    Secret: await openWorld(inject("kubeconfig")),
    ConfigMap: await openWorld(inject("kubeconfig"), { HELM_DRIVER: "configmap" }),
  };
  chart = mkdtempSync(join(tmpdir(), "slipway-large-"));
  for (const folder of ["templates", "files"]) mkdirSync(join(chart, folder));
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: large\nversion: 1.0.0\n");
  writeFileSync(join(chart, "values.yaml"), "n: 0\na: 1\n");
  writeFileSync(
    join(chart, "templates/all.yaml"),
    `{{- range $i := until (int .Values.n) }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: "large-{{ $i }}"}
data: {blob: {{ $.Files.Get (printf "files/%d.txt" $i) | quote }}}
{{- end }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: small}
data: {a: {{ .Values.a | quote }}}
`,
  );
  for (const at of [0, 1, 2, 3]) writeFileSync(join(chart, `files/${at}.txt`), randomBytes(640_000).toString("base64"));
});
afterAll(() => rmSync(chart, { recursive: true, force: true }));

async function objectsIn(namespace: string): Promise<string[]> {
  const { items } = await worlds.Secret.kube.list("v1", "ConfigMap", { namespace });
  const names = items.map(({ metadata }) => metadata.name);
  return names.filter((name) => name !== "kube-root-ca.crt" && !/^(sh\.helm|slipway)\.release/.test(name)).sort();
}

async function recordsIn(namespace: string, kind: "Secret" | "ConfigMap"): Promise<string[]> {
  const { items } = await worlds[kind].kube.list("v1", kind, { namespace });
  return items.map(({ metadata }) => metadata.name).filter((name) => /^(sh\.helm|slipway)\.release/.test(name));
}

const all = ["large-0", "large-1", "large-2", "large-3", "small"];

test.concurrent.each([
  ["helm3", "Secret"],
  ["helm4", "Secret"],
  ["helm4", "ConfigMap"],
] as const)(
  "%s lists a release whose %s can't hold it and leaves it alone; Slipway does all with it",
  { timeout: 300_000 },
  async (helm, kind) => {
    const namespace = freshName("large");
    const place = ["-n", namespace];
    const world = worlds[kind];
    const slipway = async (...words: string[]) => {
      const ended = await world.slipway(...words, ...place);
      expect(ended).toMatchObject({ code: 0 });
      return ended;
    };
    const tool = (...words: string[]) => world[helm](...words, ...place);
    await slipway("deploy", "large", chart, "--create-namespace");
    expect(await recordsIn(namespace, kind)).toHaveLength(1);
    // Without its files, all that Helm needs has room.
    expect((await tool("rollback", "large", "1")).code).toBe(0);
    await slipway("deploy", "large", chart, "--set", "n=4");
    await slipway("deploy", "large", chart, "--set", "n=4,a=2");
    expect(await recordsIn(namespace, kind)).toHaveLength(4 + 2 * 4);

    const [listed] = JSON.parse((await tool("list", "-o", "json")).out);
    expect(listed).toMatchObject({ name: "large", revision: "4", status: "deployed", chart: "large-1.0.0" });
    const history: { status: string }[] = JSON.parse((await tool("history", "large", "-o", "json")).out);
    expect(history.map(({ status }) => status)).toEqual(["superseded", "superseded", "superseded", "deployed"]);
    // docs/decisions/0014-large-records.md has this as a table.
    const shown = ["get all", "get hooks", "get metadata", "get notes", "status"].map(async (words) => {
      const { code } = await tool(...words.split(" "), "large");
      return [words, code === 0];
    });
    expect(await Promise.all(shown)).toEqual([
      ["get all", true],
      ["get hooks", true],
      ["get metadata", true],
      ["get notes", true],
      ["status", helm === "helm3"],
    ]);
    expect((await tool("upgrade", "large", chart)).code).toBe(1);
    expect(JSON.parse((await tool("get", "values", "large", "-o", "json")).out)).toEqual({ n: 4, a: 2 });
    expect((await tool("get", "manifest", "large")).out).toContain("slipway get manifest large");
    expect((await slipway("get", "manifest", "large")).out.length).toBeGreaterThan(3_000_000);
    for (const words of [
      ["rollback", "large", "1"],
      ["rollback", "large", "3"],
      ["uninstall", "large"],
    ]) {
      const refused = await tool(...words);
      expect(refused.code).toBe(1);
      expect(await objectsIn(namespace)).toEqual(all);
    }

    // Helm recorded what it began.
    await slipway("unlock", "large", "--force");
    await slipway("rollback", "large", "3");
    expect((await world.kube.get({ apiVersion: "v1", kind: "ConfigMap", namespace, name: "small" }))?.["data"]).toEqual(
      {
        a: "1",
      },
    );
    await slipway("deploy", "large", chart, "--set", "n=1", "--history-max", "2");
    expect(await objectsIn(namespace)).toEqual(["large-0", "small"]);
    await slipway("uninstall", "large");
    expect(await objectsIn(namespace)).toEqual([]);
    expect(await recordsIn(namespace, kind)).toEqual([]);
  },
);
