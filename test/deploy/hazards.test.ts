import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { openWorld, shop } from "../scenarios/world.ts";

type Deny = NonNullable<NonNullable<Parameters<typeof startSandbox>[0]>["deny"]>;

/** A sandbox that forbids, and every request that it was sent. */
async function startWith(deny: Deny) {
  const asked: string[] = [];
  const sandbox = await startSandbox({
    podStartMs: 10,
    deny,
    intercept({ method, path }) {
      asked.push(`${method} ${path}`);
      return undefined;
    },
  });
  const world = await openWorld(sandbox.kubeconfig);
  return { world, asked, close: () => sandbox.close() };
}

const isReview = (request: string) => request.includes("selfsubject");
const isTrial = (request: string) => request.includes("dryRun");

test("a deploy asks little to know its hazards", async () => {
  const { world, asked, close } = await startWith([]);
  const place = ["shop", shop, "-n", "shop"];
  const extra = async (...words: string[]) => {
    asked.length = 0;
    expect(await world.slipway("deploy", ...place, ...words)).toMatchObject({ code: 0, err: "" });
    return asked.filter((request) => isReview(request) || isTrial(request) || /autoscalers|quotas/.test(request))
      .length;
  };
  expect(await extra("--create-namespace")).toBe(2);
  expect(await extra("--set", "image.tag=1.1")).toBe(4);
  await close();
});

test("objects of kinds that the chart itself brings make nobody ask for all kinds again", async () => {
  const { world, asked, close } = await startWith([]);
  const folder = mkdtempSync(join(tmpdir(), "slipway-coming-"));
  for (const part of ["templates", "crds"]) mkdirSync(join(folder, part));
  writeFileSync(join(folder, "Chart.yaml"), "apiVersion: v2\nname: it\nversion: 1.0.0\n");
  const names = "{plural: widgets, singular: widget, kind: Widget, listKind: WidgetList}";
  const schema = "{openAPIV3Schema: {type: object}}";
  const definition = `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: widgets.coming.example}
spec: {group: coming.example, scope: Namespaced, names: ${names}, versions: [{name: v1, served: true, storage: true, schema: ${schema}}]}\n`;
  writeFileSync(join(folder, "crds/widgets.yaml"), definition);
  const widgets = [1, 2, 3, 4, 5].map((n) => `apiVersion: coming.example/v1\nkind: Widget\nmetadata: {name: w${n}}\n`);
  writeFileSync(join(folder, "templates/widgets.yaml"), widgets.join("---\n"));
  expect(await world.slipway("deploy", "it", folder, "-n", "default")).toMatchObject({ code: 0, err: "" });
  // Once, and once more when the definition is there.
  expect(asked.filter((request) => request === "GET /apis")).toHaveLength(2);
  rmSync(folder, { recursive: true });
  await close();
});

test("what is forbidden is told at once, and before anything is changed", async () => {
  const verbs = ["create", "update", "patch", "delete"];
  const { world, asked, close } = await startWith(verbs.map((verb) => ({ verb, namespace: "default" })));
  const stopped = await world.slipway("deploy", "shop", shop, "-n", "default");
  expect(stopped.code).toBe(1);
  for (const what of [
    "create/update secrets",
    "create deployments.apps",
    "create statefulsets.apps",
    "create services",
  ]) {
    expect(stopped.err).toContain(`${what} in namespace default`);
  }
  expect(stopped.err).toMatch(/KUBE_FORBIDDEN[\s\S]*kind: Role[\s\S]*verbs: \[create, update\]/);
  const isChange = (request: string) =>
    /^(POST|PUT|PATCH|DELETE)/.test(request) && !isReview(request) && !isTrial(request);
  expect(asked.filter(isChange)).toEqual([]);
  await close();
});

test("who deploys need not be allowed to run the chart's tests, unless he asks for them", async () => {
  const { world, close } = await startWith([{ verb: "create", resource: "pods" }]);
  const chart = mkdtempSync(join(tmpdir(), "slipway-tests-"));
  mkdirSync(join(chart, "templates"));
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: it\nversion: 1.0.0\n");
  const hook = "metadata: {name: check, annotations: {helm.sh/hook: test}}";
  const spec = "spec: {restartPolicy: Never, containers: [{name: a, image: a}]}";
  writeFileSync(join(chart, "templates/test.yaml"), `apiVersion: v1\nkind: Pod\n${hook}\n${spec}\n`);
  const deployed = await world.slipway("deploy", "it", chart, "-n", "default");
  const tested = await world.slipway("deploy", "it", chart, "-n", "default", "--test");
  await close();
  rmSync(chart, { recursive: true, force: true });
  expect(deployed).toMatchObject({ code: 0, err: "" });
  expect(tested.err).toContain("The user may not create pods in namespace default");
});

test("what may not be asked is no hazard", async () => {
  const { world, close } = await startWith([
    { resource: "horizontalpodautoscalers" },
    { resource: "resourcequotas" },
    { resource: "selfsubjectaccessreviews" },
  ]);
  const place = ["shop", shop, "-n", "shop"];
  expect(await world.slipway("deploy", ...place, "--create-namespace")).toMatchObject({ code: 0, err: "" });
  expect(await world.slipway("deploy", ...place, "--set", "image.tag=1.1")).toMatchObject({ code: 0, err: "" });
  await close();
});
