import { afterAll, beforeAll, expect, test } from "vitest";
import { historyOf } from "../scenarios/world.ts";
import { type Cluster, startCluster } from "./fixture.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.close());

test("a description is of what was asked for, not of the rollback that follows its failure", async () => {
  const chart = cluster.chart({
    "pod.yaml": `apiVersion: v1
kind: Pod
metadata: {name: "web-{{ .Values.tag }}"}
spec: {containers: [{name: web, image: "registry.example/web:{{ .Values.tag }}"}]}
`,
  });
  const place = ["-n", "described", "--create-namespace", "--description", "By hand"];
  const first = await cluster.slipway("deploy", "web", chart, ...place, "--set", "tag=ready");
  expect(first).toMatchObject({ code: 0, err: "" });
  expect((await cluster.slipway("deploy", "web", chart, ...place, "--set", "tag=missing")).code).toBe(1);
  expect((await historyOf(cluster, "web", "described")).map(({ description }) => description)).toEqual([
    "By hand",
    expect.stringContaining('Upgrade "web" failed: '),
    "Rollback to 1",
  ]);
});
