import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { commandLine } from "../cli/command-line.ts";
import { freshName } from "../scenarios/world.ts";
import { type Cluster, configMap, startCluster } from "./fixture.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});

// As JSON and as YAML in quotes these are written another way.
const [old, young] = ['first"pass\\word', 'second"pass\\word'];
const templates = {
  "settings.yaml": configMap("settings", '{{ dict "password" .Values.password "mode" "fast" | toJson }}'),
  "secret.yaml":
    'apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {{ dict "password" .Values.password | toJson }}\n',
};

/** What a text would have to hold of a secret to give it away. */
const traces = (secret: string) => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  secret.split('"')[0] ?? "",
  Buffer.from(secret).toString("base64"),
];

test("a value from a masked input is in no form of a plan, however it is written there", async () => {
  const chart = cluster.chart(templates);
  const namespace = freshName("masked");
  const values = join(chart, "prod.mustache.yaml");
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a tag of its own
  writeFileSync(values, "password: |-\n  ${{ secrets.DB }}\n");
  const run = (command: string, secret: string, ...words: string[]) =>
    commandLine(
      [
        command,
        "it",
        chart,
        "-n",
        namespace,
        "--create-namespace",
        "-f",
        values,
        "--kubeconfig",
        cluster.kubeconfig,
        ...words,
      ],
      { SLIPWAY_SECRETS: JSON.stringify({ DB: secret }) },
    );
  expect(await run("deploy", old)).toMatchObject({ code: 0, err: "" });
  const file = join(chart, "plan.json");
  const plans = [
    await run("plan", young, "--exit-code", "--out", file),
    await run("plan", young, "-o", "json"),
    await run("plan", young, "-o", "yaml"),
  ];
  expect(plans.map(({ code }) => code)).toEqual([2, 0, 0]);
  const { objects } = JSON.parse(plans[1]?.out ?? "");
  expect(objects).toMatchObject([
    { action: "change", ref: { kind: "Secret" }, patch: [{ path: "/data/password", value: "(changed)" }] },
    { action: "change", ref: { kind: "ConfigMap" }, patch: [{ path: "/data/password", value: "***" }] },
  ]);
  const told = [...plans.flatMap(({ out, err }) => [out, err]), readFileSync(file, "utf8")].join("\n");
  expect(told).toContain("+  password: '***'");
  for (const trace of traces(young)) expect(told).not.toContain(trace);
  expect(JSON.parse(readFileSync(file, "utf8")).objects[1].desired.data).toMatchObject({ password: "*" });
  expect(await run("deploy", young, "--plan", file)).toMatchObject({ code: 0, err: "" });
});
