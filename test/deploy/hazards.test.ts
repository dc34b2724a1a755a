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
  const isChange = (request: string) => /^(POST|PUT|PATCH|DELETE)/.test(request) && !isReview(request) && !isTrial(request);
  expect(asked.filter(isChange)).toEqual([]);
  await close();
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
