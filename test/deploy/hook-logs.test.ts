import { beforeAll, describe, expect, test } from "vitest";
import { freshName } from "../scenarios/world.ts";
import { type Cluster, startCluster } from "./fixture.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});

const job = (tag: string, policy: string) => ({
  "job.yaml": `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
    helm.sh/hook: pre-install
    helm.sh/hook-output-log-policy: "${policy}"
    helm.sh/hook-delete-policy: hook-succeeded,hook-failed
spec: {backoffLimit: 0, template: {spec: {restartPolicy: Never, containers: [{name: c, image: "registry.example/it:${tag}"}]}}}
`,
});

async function install(tag: string, policy: string, ...more: string[]) {
  const place = ["-n", freshName("logs"), "--create-namespace", "--on-failure=keep"];
  return await cluster.slipway("deploy", "it", cluster.chart(job(tag, policy)), ...place, ...more);
}

describe.concurrent("a hook's log", () => {
  test.each([
    ["1", "", false],
    ["1", "hook-succeeded", true],
    ["1", "hook-failed", false],
    ["1", "hook-succeeded,hook-failed", true],
    ["exit1", "hook-succeeded", false],
    ["exit1", "hook-failed", true],
  ])("of a hook :%s with the policy «%s» is printed: %s", async (tag, policy, isPrinted) => {
    const { code, out } = await install(tag, policy);
    expect(code).toBe(tag === "1" ? 0 : 1);
    expect(/^ +migrate-\S+\/c \| /m.test(out)).toBe(isPrinted);
  });

  test("is in the message of one that fails, whatever its policies", async () => {
    const { err } = await install("exit1", "");
    expect(err).toMatch(/^Error: pre-install hook Job \S+\/migrate: .*FATAL: DATABASE_URL is not set/);
  });
});

test("a hook that doesn't end in time fails, and one that is not to run is not there", async () => {
  const late = await install("never-ready", "", "--timeout", "1s");
  expect(late.code).toBe(1);
  expect(late.err).toMatch(/^Error: pre-install hook Job \S+\/migrate/);
  expect(await install("exit1", "", "--no-hooks")).toMatchObject({ code: 0, err: "" });
});
