import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import jsonpatch from "fast-json-patch";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KubeObject, ObjectRef } from "../../src/kube/types.ts";
import { withoutServerFields } from "../../src/plan/operations.ts";
import type { World } from "./tools.ts";
import { freshName } from "./world.ts";

const configMap = (name: string, data: string, more = "") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}${more}}\ndata: ${data}\n`;
const definition = (plural: string, kind: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${plural}}
spec:
  group: ${plural.slice(plural.indexOf(".") + 1)}
  scope: Namespaced
  names: {plural: ${plural.split(".")[0]}, kind: ${kind}}
  versions:
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
`;
const hook = (argument: string) => `apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {helm.sh/hook: "pre-install,pre-upgrade", helm.sh/hook-weight: "-5"}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: migrate, image: "migrate:1", args: [${argument}]}]}}}
`;
const web = (tag: string, debug: string, port: number) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: log, image: "log:1"}
        - name: web
          image: "web:${tag}"
          env: [{name: MODE, value: fast}, ${debug}{name: ZONE, value: a}]
          resources: {limits: {cpu: 1000m, memory: 0.5Gi}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: ${port}}, {name: admin, port: 9000}]}
`;
const secret = (password: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: ${password}, user: shop}\n`;

type Planned = {
  action: string;
  ref: ObjectRef;
  reason?: string;
  patch: { op: "add" | "remove" | "replace"; path: string; value: unknown }[];
};
type Document = { counts: Record<string, number>; objects: Planned[]; hooks: (Planned & { event: string })[] };

/** What a plan says of every object, and that it is what the server then does. */
export function planStories(world: () => World): void {
  const folder = mkdtempSync(join(tmpdir(), "slipway-plan-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const chart = (name: string, files: Record<string, string>) => {
    const path = join(folder, name);
    for (const [file, text] of Object.entries({
      "Chart.yaml": "apiVersion: v2\nname: it\nversion: 1.0.0\n",
      ...files,
    })) {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), text);
    }
    return path;
  };

  describe.each(["false", "true"])("a plan with --server-side=%s", (serverSide) => {
    const namespace = freshName("document");
    const group = `${namespace}.example.com`;
    const place = ["-n", namespace, "--create-namespace", `--server-side=${serverSide}`];
    let planned: Document;
    let [text, again] = ["", ""];
    const live = new Map<string, KubeObject>();

    const before = () =>
      chart(`${namespace}-1`, {
        "crds/old.yaml": definition(`olds.${group}`, "Old"),
        "templates/web.yaml": web("1", "{name: DEBUG, value: verbose}, ", 80),
        "templates/secret.yaml": secret("correct-horse"),
        "templates/same.yaml": configMap("same", "{a: b}"),
        "templates/gone.yaml": configMap("gone", "{a: b}"),
        "templates/kept.yaml": configMap("kept", "{a: b}", ", annotations: {helm.sh/resource-policy: keep}"),
        "templates/hook.yaml": hook("up"),
      });
    const after = () =>
      chart(`${namespace}-2`, {
        "crds/old.yaml": definition(`olds.${group}`, "Old"),
        "crds/young.yaml": definition(`youngs.${group}`, "Young"),
        "templates/web.yaml": web("2", "", 8080),
        "templates/secret.yaml": secret("battery-staple"),
        "templates/same.yaml": configMap("same", "{a: b}"),
        "templates/new.yaml": configMap("new", "{a: b}"),
        "templates/theirs.yaml": configMap("theirs", "{a: ours}"),
        "templates/hook.yaml": hook("all"),
      });
    const words = () => ["it", after(), ...place, "--take-ownership", "--force-conflicts"];

    beforeAll(async () => {
      const { slipway, kube } = world();
      expect(await slipway("deploy", "it", before(), ...place)).toMatchObject({ code: 0, err: "" });
      const metadata = { name: "theirs", namespace };
      await kube.create({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "theirs", b: "theirs" } });
      const told = await slipway("plan", ...words(), "--exit-code", "-o", "json");
      expect(told).toMatchObject({ code: 2, err: "" });
      planned = JSON.parse(told.out);
      text = (await slipway("plan", ...words())).out + told.out + (await slipway("plan", ...words(), "-o", "yaml")).out;
      for (const { ref } of planned.objects) {
        const found = await kube.get(ref);
        if (found) live.set(JSON.stringify(ref), found);
      }
      expect(await slipway("deploy", ...words())).toMatchObject({ code: 0, err: "" });
      const last = await slipway("plan", ...words(), "--exit-code", "-o", "json");
      again = `${last.code} ${last.out}`;
    }, 120_000);

    test("says of every object what becomes of it", () => {
      const actions = planned.objects.map(({ action, ref }) => `${action} ${ref.kind} ${ref.name}`);
      expect(actions.sort()).toEqual([
        "adopt ConfigMap theirs",
        "change Deployment web",
        "change Secret db",
        "change Service web",
        "create ConfigMap new",
        `create CustomResourceDefinition youngs.${group}`,
        "delete ConfigMap gone",
        "keep ConfigMap kept",
        "nothing ConfigMap same",
        `nothing CustomResourceDefinition olds.${group}`,
      ]);
      expect(planned.counts).toEqual({ adopt: 1, change: 3, create: 2, delete: 1, keep: 1, nothing: 2 });
      expect(planned.hooks).toMatchObject([
        { event: "pre-upgrade", weight: -5, action: "change", ref: { kind: "Job", name: "migrate" } },
      ]);
    });

    test("gives patches that lead to what the server makes of the objects", async () => {
      let compared = 0;
      for (const { action, ref, patch } of planned.objects) {
        if (ref.kind === "Secret") continue;
        const start = live.get(JSON.stringify(ref)) ?? null;
        const made = jsonpatch.applyPatch(structuredClone(start), patch).newDocument as KubeObject | null;
        const now = await world().kube.get(ref);
        if (action === "delete") expect([made, now]).toEqual([null, undefined]);
        else if (action === "create") expect(now).toMatchObject(made ?? { missing: true });
        else expect(comparable(made)).toEqual(comparable(now ?? null));
        compared++;
      }
      expect(compared).toBe(9);
    });

    test("has no value of a Secret, in any form", () => {
      expect(text).toContain("(changed)");
      for (const value of ["correct-horse", "battery-staple"]) {
        expect(text).not.toContain(value);
        expect(text).not.toContain(Buffer.from(value).toString("base64").slice(0, 12));
      }
      const { patch } = planned.objects.find(({ ref }) => ref.kind === "Secret") ?? { patch: [] };
      expect(patch).toEqual([{ op: "replace", path: "/data/password", value: "(changed)" }]);
    });

    test("shows only the lines that change, of the items that change", () => {
      expect(text).toContain("    -        - name: DEBUG\n    -          value: verbose\n             - name: ZONE\n");
      expect(text).toMatch(/> Job \S+\/migrate: pre-upgrade hook runs \(changed\)/);
      expect(text).not.toContain("log:1");
    });

    test("is empty afterwards, apart from what stays", () => {
      expect(again.slice(0, 2)).toBe("0 ");
      const { objects, hooks } = JSON.parse(again.slice(2)) as Document;
      expect(objects.filter(({ action }) => action !== "nothing")).toEqual([]);
      expect(hooks).toMatchObject([{ action: "nothing" }]);
    });
  });
}

/** Without what controllers count. */
function comparable(object: KubeObject | null): unknown {
  if (object === null) return null;
  const { annotations, ...metadata } = withoutServerFields(object).metadata;
  const { "deployment.kubernetes.io/revision": _, ...rest } = annotations ?? {};
  return { ...withoutServerFields(object), metadata: { ...metadata, annotations: rest } };
}
