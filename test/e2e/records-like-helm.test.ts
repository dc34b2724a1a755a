import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { objectAt, stringAt, stringMapAt } from "../../src/base/json-path.ts";
import type { Ended, World } from "../scenarios/tools.ts";
import { freshName, openWorld } from "../scenarios/world.ts";

type Kind = "Secret" | "ConfigMap";

let worlds: Record<Kind | "memory", World>;
let chart: string;
beforeAll(async () => {
  const kubeconfig = inject("kubeconfig");
  worlds = {
    Secret: await openWorld(kubeconfig),
    ConfigMap: await openWorld(kubeconfig, { HELM_DRIVER: "configmap" }),
    memory: await openWorld(kubeconfig, { HELM_DRIVER: "memory" }),
  };
  chart = mkdtempSync(join(tmpdir(), "slipway-records-"));
  mkdirSync(join(chart, "templates"));
  writeFileSync(join(chart, "Chart.yaml"), 'apiVersion: v2\nname: it\nversion: 1.0.0\nappVersion: "2"\n');
  writeFileSync(join(chart, "values.yaml"), "color: red\nhook: {a: 1}\n");
  const map = (name: string, more: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: it-${name}\n${more}data: {color: {{ .Values.color }}}\n`;
  writeFileSync(join(chart, "templates/settings.yaml"), map("settings", ""));
  writeFileSync(join(chart, "templates/hook.yaml"), map("hook", "  annotations: {helm.sh/hook: pre-upgrade}\n"));
  writeFileSync(join(chart, "templates/NOTES.txt"), "It is {{ .Values.color }}.\n");
});
afterAll(() => rmSync(chart, { recursive: true, force: true }));

async function done(ended: Promise<Ended>): Promise<void> {
  const { code, err } = await ended;
  expect(code, err).toBe(0);
}

/** A release's life, with all that a record may say. */
async function live(
  run: (...words: string[]) => Promise<Ended>,
  namespace: string,
  helm: string,
  isOurs: boolean,
): Promise<void> {
  const place = ["-n", namespace];
  const method = isOurs ? ["--server-side", "true", "--helm", helm.slice(-1)] : [];
  await done(
    run(
      "install",
      "it",
      chart,
      ...place,
      "--create-namespace",
      "--description",
      "first",
      "--labels",
      "a=b,c=d",
      ...method,
    ),
  );
  await done(run("upgrade", "it", chart, ...place, "--set", "color=blue", "--labels", "a=e,c=null", ...method));
  await done(run("upgrade", "it", chart, ...place, "--description", "third", "--history-max", "0", ...method));
  await done(run("rollback", "it", "2", ...place));
  await done(run("uninstall", "it", ...place, "--keep-history", "--description", "bye"));
  await done(run("upgrade", "it", chart, ...place, "--install", ...method));
}

const timeKeys = new Set([
  "first_deployed",
  "last_deployed",
  "deleted",
  "started_at",
  "completed_at",
  "modtime",
  "schemamodtime",
]);

/** Beside the record of ours: who recorded it. */
const recordedBy = "slipway.dev/recorded-by";

/** Every record as its object has it, without what differs from run to run. */
async function recordsOf(kind: Kind, namespace: string): Promise<unknown[]> {
  const { items } = await worlds.Secret.kube.list("v1", kind, { namespace, labels: { owner: "helm" } });
  return items.map((item) => {
    const data = stringAt(item, "data", "release") ?? "";
    const text = kind === "Secret" ? Buffer.from(data, "base64").toString() : data;
    const wire: unknown = JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString(), (key, value) =>
      timeKeys.has(key) ? undefined : value === namespace ? "here" : value,
    );
    const labels = Object.keys(stringMapAt(item, "metadata", "labels")).sort();
    const { modifiedAt: _, createdAt: __, ...values } = stringMapAt(item, "metadata", "labels");
    const { [recordedBy]: by, ...annotations } = stringMapAt(item, "metadata", "annotations");
    expect(by === undefined || by === `${hostname()}/${process.pid}`).toBe(true);
    const { name } = item.metadata;
    return { name, labels, values, annotations, type: item["type"], wire };
  });
}

test.concurrent.each([
  ["helm4", "Secret"],
  ["helm4", "ConfigMap"],
  ["helm3", "Secret"],
  ["helm3", "ConfigMap"],
] as const)("what Slipway records is what %s records, in a %s", async (helm, kind) => {
  const [theirs, ours] = [freshName("theirs"), freshName("ours")];
  const world = worlds[kind];
  await live(world[helm], theirs, helm, false);
  await live(world.slipway, ours, helm, true);
  const [expected, recorded] = [await recordsOf(kind, theirs), await recordsOf(kind, ours)];
  expect(recorded).toHaveLength(5);
  for (const [at, record] of recorded.entries()) {
    const wire = objectAt(record, "wire") ?? {};
    // Helm 3 knows neither field, and leaves both alone.
    if (helm === "helm3") {
      delete wire["apply_method"];
      delete objectAt(wire, "info")?.["rollback_revision"];
    }
    expect(record).toEqual(expected[at]);
  }
});

test("in memory, nothing is recorded in the cluster", async () => {
  const namespace = freshName("memory");
  const { slipway, kube } = worlds.memory;
  await done(slipway("deploy", "it", chart, "-n", namespace, "--create-namespace"));
  await done(slipway("deploy", "it", chart, "-n", namespace, "--set", "color=blue"));
  for (const kind of ["Secret", "ConfigMap"])
    expect((await kube.list("v1", kind, { namespace, labels: { owner: "helm" } })).items).toEqual([]);
  expect((await slipway("history", "it", "-n", namespace)).err).toContain("There is no release it");
});
