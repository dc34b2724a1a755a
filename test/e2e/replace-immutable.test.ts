import { describe, expect, test, vi } from "vitest";
import { deploy, deployed, get, hazardsOf, makeNamespace, podsOf, settings, told, web, world } from "./hazard-place.ts";

describe("what can't be changed is replaced", () => {
  const job = (tag: string, more = "") =>
    `apiVersion: batch/v1\nkind: Job\nmetadata: {name: job${more}}\nspec: {backoffLimit: 0, template: {spec: {restartPolicy: Never, containers: [{name: c, image: "job:${tag}"}]}}}\n`;

  test("a Job by default, and back when the deploy fails", async () => {
    const namespace = await makeNamespace();
    await deployed(job("1"), namespace, "--wait-for-jobs");
    const first = await get("batch/v1", "Job", namespace, "job");
    await deployed(job("2"), namespace, "--wait-for-jobs");
    const second = await get("batch/v1", "Job", namespace, "job");
    expect(second?.metadata.uid).not.toBe(first?.metadata.uid);
    const failed = await deploy(job("exit1"), namespace, "--wait-for-jobs");
    expect(failed.code).toBe(1);
    const back = await get("batch/v1", "Job", namespace, "job");
    expect(JSON.stringify(back?.["spec"])).toContain("job:2");
    expect((await world.slipway("history", "it", "-n", namespace)).out).toMatch(/4 .* deployed .*Rollback to 2/);
  });

  test("not a Job that is to be kept", async () => {
    const namespace = await makeNamespace();
    const kept = ', annotations: {"helm.sh/resource-policy": keep}';
    await deployed(job("1", kept), namespace);
    expect((await deploy(job("2", kept), namespace)).err).toMatch(/spec\.template can't be changed \(PLAN_HAZARD\)/);
  });

  test("a StatefulSet with --replace-immutable: its pods and claims stay", async () => {
    const namespace = await makeNamespace();
    const set = (size: string) => `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: a}}
  template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: "db:1"}]}}
  volumeClaimTemplates: [{metadata: {name: data}, spec: {storageClassName: "", accessModes: [ReadWriteOnce], resources: {requests: {storage: ${size}}}}}]
`;
    await deployed(set("1Gi"), namespace, "--wait=false");
    await vi.waitFor(async () => expect(await podsOf(namespace)).toHaveLength(1), { timeout: 20_000, interval: 100 });
    const pods = await podsOf(namespace);
    const claim = await get("v1", "PersistentVolumeClaim", namespace, "data-db-0");
    const set1 = await get("apps/v1", "StatefulSet", namespace, "db");
    const planned = await hazardsOf(set("2Gi"), namespace, "--replace-immutable");
    expect(planned.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(told(planned, "replacement")).toMatchObject([{ ref: { kind: "StatefulSet", name: "db" } }]);
    await deployed(set("2Gi"), namespace, "--replace-immutable", "--wait=false");
    const set2 = await get("apps/v1", "StatefulSet", namespace, "db");
    expect(set2?.metadata.uid).not.toBe(set1?.metadata.uid);
    expect(await podsOf(namespace)).toEqual(pods);
    expect((await get("v1", "PersistentVolumeClaim", namespace, "data-db-0"))?.metadata.uid).toBe(claim?.metadata.uid);
  });

  test.each([
    {
      kind: "Deployment",
      apiVersion: "apps/v1",
      name: "web",
      before: web(),
      after: web().replaceAll("app: a", "app: b"),
    },
    {
      kind: "ConfigMap",
      apiVersion: "v1",
      name: "settings",
      before: `${settings("{a: '1'}")}immutable: true\n`,
      after: `${settings("{a: '2'}")}immutable: true\n`,
    },
  ])(
    "a $kind with --replace-immutable, also by server-side apply",
    async ({ kind, apiVersion, name, before, after }) => {
      for (const method of ["--server-side=false", "--server-side=true"]) {
        const namespace = await makeNamespace();
        await deployed(before, namespace, method);
        const old = await get(apiVersion, kind, namespace, name);
        await deployed(after, namespace, method, "--replace-immutable=all");
        const fresh = await get(apiVersion, kind, namespace, name);
        expect(fresh?.metadata.uid).not.toBe(old?.metadata.uid);
        // And it goes on from there.
        await deployed(after, namespace, method);
        expect((await get(apiVersion, kind, namespace, name))?.metadata.uid).toBe(fresh?.metadata.uid);
      }
    },
  );

  test("never a claim: its data would go with it", async () => {
    const namespace = await makeNamespace();
    const claim = (size: string) =>
      `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: ${size}}}}\n`;
    await deployed(claim("2Gi"), namespace, "--wait=false");
    const stopped = await deploy(claim("1Gi"), namespace, "--replace-immutable=all");
    expect(stopped.err).toMatch(/can't be changed \(PLAN_HAZARD\)[\s\S]*A claim is never replaced/);
  });
});
