import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { arrayAt, stringAt } from "../../src/base/json-path.ts";
import type { World } from "../scenarios/tools.ts";
import { freshName, openWorld } from "../scenarios/world.ts";

let world: World;
let chart: string;
const namespaces: string[] = [];
beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
  chart = mkdtempSync(join(tmpdir(), "slipway-hand-"));
  mkdirSync(join(chart, "templates"));
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: it\nversion: 1.0.0\n");
  writeFileSync(join(chart, "values.yaml"), "drop: none\n");
  writeFileSync(join(chart, "templates/web.yaml"), template);
});
afterAll(async () => {
  rmSync(chart, { recursive: true, force: true });
  await Promise.all(namespaces.map((name) => world.kube.delete({ apiVersion: "v1", kind: "Namespace", name })));
});

const container = (name: string) => `        - name: ${name}
          image: "${name}:1"
          env:
            - {name: KEPT, value: x}
            {{- if ne .Values.drop "env" }}
            - {name: DROPPED, value: x}
            {{- end }}
          volumeMounts:
            - {name: a, mountPath: /a}
            {{- if ne .Values.drop "mount" }}
            - {name: b, mountPath: /b}
            {{- end }}
`;
const template = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}]
      initContainers:
${container("first")}      containers:
        - {name: main, image: "main:1"}
${container("side")}`;

const pod = "/spec/template/spec";
type Row = { gone: string; path: string; drop: "env" | "mount"; helm: "refused" | "left over" | "done" };
const rows: Row[] = [
  { gone: "a container", path: `${pod}/containers/1`, drop: "env", helm: "left over" },
  { gone: "a container", path: `${pod}/containers/1`, drop: "mount", helm: "refused" },
  { gone: "all init containers", path: `${pod}/initContainers`, drop: "env", helm: "done" },
  { gone: "all variables", path: `${pod}/containers/1/env`, drop: "env", helm: "done" },
  { gone: "all mounts", path: `${pod}/containers/1/volumeMounts`, drop: "mount", helm: "done" },
];

/** The names of what the chart drops one of, in both containers. */
async function namesIn(namespace: string): Promise<Record<string, string[]>> {
  const live = await world.kube.get({ apiVersion: "apps/v1", kind: "Deployment", namespace, name: "web" });
  const spec = ["spec", "template", "spec"] as const;
  const both = [...arrayAt(live, ...spec, "containers"), ...arrayAt(live, ...spec, "initContainers")];
  const namesOf = (one: unknown, list: string) => arrayAt(one, list).map((item) => stringAt(item, "name") ?? "");
  const known = both.filter((one) => stringAt(one, "name") !== "main");
  return Object.fromEntries(
    known.map((one) => [stringAt(one, "name"), [...namesOf(one, "env"), ...namesOf(one, "volumeMounts")]]),
  );
}

const wanted = { env: ["KEPT", "a", "b"], mount: ["KEPT", "DROPPED", "a"] };

test.concurrent.each(rows)(
  "$gone that somebody took away comes back without the $drop that the chart drops",
  async ({ path, drop, helm }) => {
    const tools = { slipway: world.slipway, helm3: world.helm3, helm4: world.helm4 };
    const method = { slipway: [], helm3: [], helm4: ["--server-side=false"] };
    for (const tool of ["slipway", "helm3", "helm4"] as const) {
      const namespace = freshName("hand");
      namespaces.push(namespace);
      const place = ["-n", namespace, ...method[tool]];
      const first = await tools[tool]("install", "it", chart, ...place, "--create-namespace");
      expect(first, first.err).toMatchObject({ code: 0 });
      const ref = { apiVersion: "apps/v1", kind: "Deployment", namespace, name: "web" };
      await world.kube.patch(ref, "json", [{ op: "remove", path }]);
      const ended = await tools[tool]("upgrade", "it", chart, ...place, "--set", `drop=${drop}`);
      const names = await namesIn(namespace);
      const good = { side: wanted[drop], first: wanted[drop] };
      if (tool === "slipway") {
        expect(ended).toMatchObject({ code: 0, err: "" });
        expect(names).toEqual(good);
        continue;
      }
      // What Helm makes of it, for docs/helm-differences.md.
      expect(ended.code, `${tool}: ${ended.err}`).toBe(helm === "refused" ? 1 : 0);
      if (helm === "done") expect(names).toEqual(good);
      else expect(names).not.toEqual(good);
    }
  },
);
