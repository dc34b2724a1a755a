import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { World } from "../scenarios/tools.ts";
import { freshName, openWorld } from "../scenarios/world.ts";
import { watchHooks } from "./watch-hooks.ts";

type Hook = { name: string; kind?: "Job" | "Pod" | "ConfigMap"; events: string; weight?: number; policy?: string };
type Step = "install" | "upgrade" | "rollback" | "test" | "uninstall";
type Case = { name: string; hooks: Hook[]; steps: Step[]; fails?: string; words?: Partial<Record<Step, string[]>> };
type Tool = "slipway" | "helm3" | "helm4";

const whole: Step[] = ["install", "upgrade", "rollback", "test", "uninstall"];
const events = ["install", "upgrade", "rollback", "delete"].flatMap((event) => [`pre-${event}`, `post-${event}`]);
const replaced = "before-hook-creation";

const everyEvent: Hook[] = [...events, "test"].flatMap((event): Hook[] => [
  { name: `${event}-b`, events: event, weight: 5 },
  { name: `${event}-a`, events: event, weight: 5 },
  { name: `${event}-first`, kind: "ConfigMap", events: event, weight: -10 },
]);
const everyPolicy: Hook[] = ["Job", "ConfigMap"].flatMap((kind) =>
  [
    undefined,
    replaced,
    `${replaced},hook-succeeded`,
    `${replaced},hook-failed`,
    `${replaced}, hook-succeeded, hook-failed`,
  ].map(
    (policy, index): Hook => ({
      name: `${kind.toLowerCase()}-${index}`,
      kind: kind as "Job" | "ConfigMap",
      events: "post-install,pre-upgrade,post-rollback,pre-delete,test",
      ...(policy === undefined ? {} : { policy }),
    }),
  ),
);
const once: Hook[] = [
  { name: "once-succeeded", events: "post-install,post-upgrade,test", policy: "hook-succeeded" },
  { name: "once-failed", events: "pre-install", policy: "hook-failed" },
  { name: "shared", events: "pre-install,pre-upgrade,pre-delete", weight: -1 },
];
const pods: Hook[] = [
  { name: "test-b", kind: "Pod", events: "test" },
  { name: "test-a", kind: "Pod", events: "test", policy: `${replaced},hook-succeeded` },
  { name: "test-c", kind: "Pod", events: "test-success", weight: -1, policy: "hook-succeeded,hook-failed" },
];

/** Of three hooks the second fails; each has another policy. */
const failing = (event: string): Hook[] => [
  { name: "a-first", events: event, weight: 1, policy: `${replaced},hook-succeeded` },
  { name: "b-kept", events: event, weight: 2 },
  { name: "c-fails", events: event, weight: 3, policy: `${replaced},hook-failed` },
  { name: "d-never", events: event, weight: 4 },
];

const cases: Case[] = [
  { name: "every event, by weight and name", hooks: everyEvent, steps: whole },
  { name: "every delete policy", hooks: everyPolicy, steps: whole },
  { name: "hooks that run once, or at several events", hooks: once, steps: whole },
  { name: "tests", hooks: pods, steps: ["install", "test", "test", "uninstall"] },
  {
    name: "one test",
    hooks: pods,
    steps: ["install", "test"],
    words: { test: ["--filter", "name=test-a,name=test-c"] },
  },
  { name: "all tests but one", hooks: pods, steps: ["install", "test"], words: { test: ["--filter", "!name=test-b"] } },
  { name: "a test that fails", hooks: pods, fails: "test-a", steps: ["install", "test", "uninstall"] },
  {
    name: "no hooks",
    hooks: everyEvent,
    steps: ["install", "upgrade", "rollback", "uninstall"],
    words: Object.fromEntries(whole.map((step) => [step, step === "test" ? [] : ["--no-hooks"]])),
  },
  ...events.map((event): Case => {
    const at = whole.indexOf(event.endsWith("delete") ? "uninstall" : (event.split("-")[1] as Step));
    const steps = whole.slice(0, at + 1).filter((step) => step !== "test");
    return { name: `a ${event} hook that fails`, hooks: failing(event), fails: "c-fails", steps };
  }),
  {
    name: "a hook that fails and is kept",
    hooks: [{ name: "fails", events: "pre-upgrade" }],
    fails: "fails",
    steps: ["install", "upgrade", "upgrade", "uninstall"],
  },
];

const template = `
apiVersion: v1
kind: ConfigMap
metadata: {name: plain}
data: {revision: "{{ .Release.Revision }}"}
{{- range .Values.hooks }}
---
{{- $kind := default "Job" .kind }}
apiVersion: {{ eq $kind "Job" | ternary "batch/v1" "v1" }}
kind: {{ $kind }}
metadata:
  name: {{ .name }}
  labels: {hooks-like-helm: "yes"}
  annotations:
    helm.sh/hook: {{ .events | quote }}
    {{- with .weight }}
    helm.sh/hook-weight: {{ . | quote }}
    {{- end }}
    {{- with .policy }}
    helm.sh/hook-delete-policy: {{ . | quote }}
    {{- end }}
{{- $containers := printf "[{name: c, image: \\"registry.example/hook:%s\\"}]" (eq .name $.Values.fails | ternary "exit1" "1") }}
{{- if eq $kind "Job" }}
spec: {backoffLimit: 0, template: {spec: {restartPolicy: Never, containers: {{ $containers }}}}}
{{- else if eq $kind "Pod" }}
spec: {restartPolicy: Never, containers: {{ $containers }}}
{{- end }}
{{- end }}
`;

let world: World;
let folder: string;
beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
  folder = mkdtempSync(join(tmpdir(), "slipway-hooks-"));
  mkdirSync(join(folder, "chart/templates"), { recursive: true });
  writeFileSync(join(folder, "chart/Chart.yaml"), "apiVersion: v2\nname: hooks\nversion: 1.0.0\n");
  writeFileSync(join(folder, "chart/templates/hooks.yaml"), template);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Each step by one tool: whether it succeeded, which hooks were created, in their order, which are left, and the record. */
async function play(tool: Tool, { hooks, fails = "", steps, words = {} }: Case) {
  const namespace = freshName("hooks");
  await world.kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const values = join(folder, `${namespace}.json`);
  writeFileSync(values, JSON.stringify({ hooks, fails }));
  const chart = join(folder, "chart");
  const keep = tool === "slipway" ? ["--on-failure=keep"] : [];
  const commands: Record<Step, string[]> = {
    install: ["install", "it", chart, "-f", values, ...keep],
    upgrade: ["upgrade", "it", chart, "-f", values, ...keep],
    rollback: ["rollback", "it", "1"],
    test: ["test", "it"],
    uninstall: ["uninstall", "it"],
  };
  const watched = await watchHooks(world.kube, namespace);
  const told: { step: Step; code: number; ran: string[]; left: string[]; phases: string[] }[] = [];
  for (const step of steps) {
    const { code } = await world[tool](...commands[step], "-n", namespace, ...(words[step] ?? []));
    const phases = step === "uninstall" ? [] : await phasesOf(namespace, step);
    told.push({ step, code, ...(await watched.since()), phases });
  }
  watched.close();
  return told;
}

/**
 * How the hooks of one step went, as Helm reads it from the record. What Helm leaves as running when a rollback fails has
 * failed.
 */
async function phasesOf(namespace: string, step: Step): Promise<string[]> {
  const { out } = await world.helm3("status", "it", "-n", namespace, "-o", "json");
  type Recorded = { name: string; events: string[]; last_run: { phase: string } };
  const hooks: Recorded[] = JSON.parse(out).hooks ?? [];
  return hooks
    .filter(({ events }) => events.some((event) => event.replace(/^(pre|post)-/, "") === step))
    .map(({ name, last_run: { phase } }) => `${name} ${phase === "Running" ? "Failed" : phase}`)
    .sort();
}

describe.concurrent.each(cases)("$name", (one) => {
  test("the same hooks run, in the same order, the same are left, and the same is recorded", {
    timeout: 300_000,
  }, async () => {
    const [ours, helm3, helm4] = await Promise.all([play("slipway", one), play("helm3", one), play("helm4", one)]);
    expect(helm3.some(({ ran }) => ran.length > 0)).toBe(one.name !== "no hooks");
    expect({ helm3: ours, helm4: ours }).toEqual({ helm3, helm4 });
  });
});
