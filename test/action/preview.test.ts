import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { writeBundles } from "../../scripts/bundle.ts";
import { connect } from "../../src/kube/connect.ts";
import type { KubeClient } from "../../src/kube/types.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { FakeGithub } from "../github/fake-github.ts";
import { forbidden } from "../github/faults.ts";
import { runAction, startAction } from "./action-process.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-preview-"));
const bundle = join(folder, "action.js");
const chart = join(folder, "chart");
const [first, second] = ["1".repeat(40), "2".repeat(40)];
let sandbox: Sandbox;
let kube: KubeClient;
let github: FakeGithub;
let run = 100;

beforeAll(async () => {
  await writeBundles(folder, ["action"]);
  writeChart();
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  sandbox = await startSandbox({ podStartMs: 10, speed: 5 });
  kube = await connect({ kubeconfig: sandbox.kubeconfig });
  github = new FakeGithub();
  github.mostPerPage = 100;
  await github.start();
});
afterEach(async () => {
  kube.close();
  await github.close();
  await sandbox.close();
});

function writeChart(): void {
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  rmSync(chart, { recursive: true, force: true });
  for (const each of ["chart", "chart/templates"]) mkdirSync(join(folder, each), { recursive: true });
  write("chart/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
  write(
    "chart/templates/all.yaml",
    `apiVersion: v1
kind: ConfigMap
metadata: {name: title}
data: {title: {{ .Values.title | quote }}, sha: {{ .Values.sha | quote }}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  tls: [{hosts: ["*.example.com"]}]
  rules:
    - host: {{ .Values.slug }}.example.com
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
{{- if .Values.image }}
---
apiVersion: v1
kind: Pod
metadata: {name: slow}
spec: {containers: [{name: c, image: {{ .Values.image | quote }}}]}
{{- end }}
`,
  );
  const tag = (name: string) => `\${{ pr.${name} }}`;
  write("chart/preview.mustache.yaml", `title: "${tag("title")}"\nsha: "${tag("sha")}"\nslug: pr-${tag("number")}\n`);
}

type Event = { action?: string; sha?: string; number?: number; from?: string; title?: string };

function step(event: Event, inputs: Record<string, string> = {}) {
  const { action = "opened", sha = first, number = 7, from = "o/r", title = "Add a basket" } = event;
  run += 1;
  const path = join(folder, `event-${run}.json`);
  const head = { sha, ref: "feature/basket", repo: { full_name: from } };
  const pullRequest = { number, title, head, base: { ref: "main" }, user: { login: "octocat" } };
  writeFileSync(path, JSON.stringify({ action, pull_request: pullRequest }));
  const workflow = {
    GITHUB_API_URL: github.url,
    GITHUB_SERVER_URL: "https://github.example",
    GITHUB_REPOSITORY: "o/r",
    GITHUB_RUN_ID: String(run),
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_ACTOR: "octocat",
    GITHUB_EVENT_NAME: "pull_request",
    GITHUB_EVENT_PATH: path,
  };
  const common = {
    command: "preview",
    kubeconfig: sandbox.kubeconfig,
    release: "shop",
    chart,
    "values-files": join(chart, "preview.mustache.yaml"),
    "github-token": "ghs_the-token-of-this-run",
    timeout: "20s",
  };
  return { bundle, inputs: { ...common, ...inputs }, workflow };
}

const ref = (kind: string, name: string, namespace = "") => ({
  apiVersion: "v1",
  kind,
  name,
  ...(namespace && { namespace }),
});
const namespaceOf = (name = "pr-7-shop") => kube.get(ref("Namespace", name));
const states = () => github.deployments.map(({ statuses }) => statuses.map(({ state }) => state).join(" "));

function pull(state: "open" | "closed", sha = first, number = 7): void {
  github.pulls.set(number, { number, state, sha });
}

test("a pull request's preview from its opening to its closing", async () => {
  await kube.create({ ...namespaceObject("shared"), metadata: { name: "shared" } });
  await kube.create({
    ...ref("Secret", "pull"),
    metadata: { name: "pull", namespace: "shared" },
    data: { token: Buffer.from("a-copied-secret").toString("base64") },
  });
  pull("open");
  const options = { ttl: "72h", quota: "pods=5", "copy-secrets": "shared/pull", "namespace-labels": "team=web" };
  const opened = await runAction(step({ title: 'Say "hi": {{ .Values }}' }, options));
  expect(opened.stderr).toBe("");
  expect(opened.code).toBe(0);
  expect(opened.outputs).toMatchObject({
    preview: "up",
    status: "deployed",
    namespace: "pr-7-shop",
    "environment-url": "https://pr-7.example.com",
  });
  expect((await namespaceOf())?.metadata).toMatchObject({
    labels: { team: "web", "slipway.dev/pull-request": "7" },
    annotations: {
      "slipway.dev/preview-owner": "github.example/o/r#7 shop",
      "slipway.dev/preview-commit": first,
      "slipway.dev/preview-expires": expect.stringMatching(/^20/),
    },
  });
  expect(await kube.get(ref("ConfigMap", "title", "pr-7-shop"))).toMatchObject({
    data: { title: "Say hi .Values", sha: first },
  });
  expect(await kube.get(ref("ResourceQuota", "slipway-preview", "pr-7-shop"))).toBeDefined();
  expect(await kube.get(ref("Secret", "pull", "pr-7-shop"))).toMatchObject({ data: { token: expect.any(String) } });
  expect(opened.stdout).toContain("::add-mask::a-copied-secret");
  expect(opened.stdout.replaceAll("::add-mask::a-copied-secret", "")).not.toContain("a-copied-secret");

  expect(github.deployments).toMatchObject([{ environment: "pr-7-shop", ref: first, isTransient: true }]);
  expect(github.deployments[0]?.statuses.at(-1)).toMatchObject({
    state: "success",
    environment_url: "https://pr-7.example.com",
    log_url: `https://github.example/o/r/actions/runs/${run}`,
  });
  expect(github.comments).toHaveLength(1);
  expect(github.comments[0]?.body).toContain("🚀 The preview of shop is up");
  expect(github.comments[0]?.body).toContain("| Address | <https://pr-7.example.com/> |");
  expect(github.comments[0]?.body).toContain(`<code>${first.slice(0, 12)}</code>`);

  pull("open", second);
  const pushed = await runAction(step({ action: "synchronize", sha: second }));
  expect(pushed.code).toBe(0);
  expect(states()).toEqual(["in_progress success inactive", "in_progress success"]);
  expect(await kube.get(ref("ConfigMap", "title", "pr-7-shop"))).toMatchObject({ data: { sha: second } });
  // What is no longer asked for is gone.
  expect(await kube.get(ref("ResourceQuota", "slipway-preview", "pr-7-shop"))).toBeUndefined();
  expect(await kube.get(ref("Secret", "pull", "pr-7-shop"))).toBeUndefined();

  pull("closed", second);
  const closed = await runAction(step({ action: "closed", sha: second }));
  expect(closed.code).toBe(0);
  expect(closed.outputs).toMatchObject({ preview: "down" });
  expect(await namespaceOf()).toBeUndefined();
  expect(states()).toEqual(["in_progress success inactive", "in_progress success inactive"]);
  expect(github.comments).toHaveLength(1);
  expect(github.comments[0]?.body).toContain("🧹 The preview of shop is gone");
  const again = await runAction(step({ action: "closed" }));
  expect(again.outputs).toMatchObject({ preview: "absent" });
}, 60_000);

function namespaceObject(name: string) {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

test("the history says of which commit, run and whose a revision is", async () => {
  pull("open");
  await runAction(step({}));
  const { items } = await kube.list("v1", "Secret", { namespace: "pr-7-shop", labels: { owner: "helm" } });
  expect(items[0]?.metadata.labels).toMatchObject({
    "slipway.dev/commit": first,
    "slipway.dev/run": String(run),
    "slipway.dev/actor": "octocat",
  });
});

describe("a run that is not the newest changes nothing", () => {
  test("where the pull request has a newer commit", async () => {
    pull("open", second);
    const { code, outputs, stdout } = await runAction(step({ sha: first }));
    expect(code).toBe(0);
    expect(outputs).toMatchObject({ preview: "superseded" });
    expect(stdout).toContain("the pull request is at commit 222222222222 now, this run is for 111111111111");
    expect(await namespaceOf()).toBeUndefined();
    expect(github.comments).toEqual([]);
  });

  test("where the pull request is closed", async () => {
    pull("closed");
    expect((await runAction(step({}))).outputs).toMatchObject({ preview: "closed" });
    expect(await namespaceOf()).toBeUndefined();
  });

  test("where GitHub doesn't answer, by the order of the runs", async () => {
    github.fault = () => forbidden;
    const old = step({ sha: first });
    expect((await runAction(step({ sha: second }))).outputs).toMatchObject({ preview: "up" });
    const { outputs, stdout } = await runAction(old);
    expect(outputs).toMatchObject({ preview: "superseded" });
    expect(stdout).toMatch(/a later run \(https:\/\/github.example\/o\/r\/actions\/runs\/\d+\) has the preview/);
    expect((await namespaceOf())?.metadata.annotations).toMatchObject({ "slipway.dev/preview-commit": second });
  });

  test("while it deploys, a push takes over, and the older run ends at once", async () => {
    pull("open");
    const older = startAction(step({ sha: first }, { set: "image=registry.example/slow:never-ready", timeout: "60s" }));
    await older.saw("Watching the rollout");
    pull("open", second);
    const newer = await runAction(step({ action: "synchronize", sha: second }));
    const { code, outputs, stdout } = await older.finished;
    expect({ code, preview: outputs["preview"] }).toEqual({ code: 0, preview: "superseded" });
    expect(stdout).toContain("brings up commit 222222222222");
    expect(newer.outputs).toMatchObject({ preview: "up", status: "deployed" });
    expect(states()).toEqual(["in_progress inactive", "in_progress success"]);
    expect(github.comments[0]?.body).toContain("🚀 The preview of shop is up");
  }, 60_000);

  test("while it deploys, closing the pull request takes it down", async () => {
    pull("open");
    const older = startAction(step({ sha: first }, { set: "image=registry.example/slow:never-ready", timeout: "60s" }));
    await older.saw("Watching the rollout");
    pull("closed");
    const closing = await runAction(step({ action: "closed" }));
    expect(closing.outputs).toMatchObject({ preview: "down" });
    expect((await older.finished).outputs).toMatchObject({ preview: "superseded" });
    expect(await namespaceOf()).toBeUndefined();
  }, 60_000);
});

test("what a killed run had begun, post ends; the next push goes on from there", async () => {
  pull("open");
  const options = step({ sha: first }, { set: "image=registry.example/slow:never-ready", timeout: "60s" });
  const killed = startAction(options);
  await killed.saw("Watching the rollout");
  killed.child.kill("SIGKILL");
  const { state } = await killed.finished;
  expect(states()).toEqual(["in_progress"]);
  const post = await runAction({ ...options, state });
  expect(post.stderr).toBe("");
  expect(states()).toEqual(["in_progress failure"]);
  pull("open", second);
  const next = await runAction(step({ action: "synchronize", sha: second }));
  expect(next.outputs).toMatchObject({ preview: "up" });
}, 60_000);

test("a deploy that fails is told with its cause, and rolled back", async () => {
  pull("open");
  await runAction(step({}));
  const { code, outputs } = await runAction(step({}, { set: "image=registry.example/slow:missing" }));
  expect(code).toBe(1);
  expect(outputs).toMatchObject({ preview: "failed", "rolled-back": "true" });
  expect(states().at(-1)).toBe("in_progress failure");
  expect(github.comments[0]?.body).toContain("❌ The preview of shop could not be brought up");
  expect(github.comments[0]?.body).toMatch(/ErrImagePull|ImagePullBackOff/);
});

test("a GitHub that refuses fails nothing, and says so in a line", async () => {
  github.fault = () => forbidden;
  const { code, outputs, stdout } = await runAction(step({}));
  expect({ code, preview: outputs["preview"] }).toEqual({ code: 0, preview: "up" });
  expect(stdout).toMatch(
    /GitHub is told nothing of the deployment: .*Give the job the permission "deployments: write"/,
  );
  expect(stdout).toMatch(/No comment is written to the pull request: .*"pull-requests: write"/);
  expect(stdout.match(/GitHub does not say how the pull request is now/g)).toHaveLength(1);
});

test("a pull request from a fork, whose run has no secrets, is told so and is no failure", async () => {
  const { code, outputs, stdout } = await runAction(step({ from: "somebody/r" }, { kubeconfig: "" }));
  expect({ code, preview: outputs["preview"] }).toEqual({ code: 0, preview: "skipped" });
  expect(stdout).toContain("This pull request comes from a fork. GitHub gives its runs no secrets");
});

test.each([
  ["a namespace that somebody made", {}, {}],
  ["one that is marked like a preview by hand", { "slipway.dev/preview": "x" }, {}],
])("%s is neither used nor deleted", async (_, labels, annotations) => {
  await kube.create({ ...namespaceObject("mine"), metadata: { name: "mine", labels, annotations } });
  pull("open");
  const { code, stdout } = await runAction(step({}, { namespace: "mine" }));
  expect(code).toBe(1);
  expect(stdout).toContain("Namespace mine is not a preview that Slipway made");
  pull("closed");
  expect((await runAction(step({ action: "closed" }, { namespace: "mine" }))).outputs).toMatchObject({
    preview: "absent",
  });
  const swept = await runAction(step({}, { command: "preview-sweep" }));
  expect(swept.outputs["previews"]).not.toContain("removed");
  expect((await namespaceOf("mine"))?.metadata.deletionTimestamp).toBeUndefined();
});

test("a preview that does not go is told with its namespace, and where a sweep meets it, too", async () => {
  pull("open");
  await runAction(step({}));
  const metadata = { name: "guarded", namespace: "pr-7-shop", finalizers: ["example.com/guard"] };
  await kube.create({ apiVersion: "v1", kind: "ConfigMap", metadata });
  pull("closed");
  const closed = await runAction(step({ action: "closed" }, { timeout: "1s" }));
  expect(closed.code).toBe(1);
  expect(closed.outputs).toMatchObject({ preview: "failed", namespace: "pr-7-shop", status: "error" });
  expect(closed.stdout).toContain("Namespace pr-7-shop is still there 1 s after it was deleted");
  expect(github.comments[0]?.body).toContain("❌ The preview of shop could not be taken down");
  expect(github.comments[0]?.body).toContain("| Namespace | <code>pr-7-shop</code> |");
  const swept = await runAction(step({}, { command: "preview-sweep", timeout: "1s" }));
  expect(swept.code).toBe(1);
  expect(swept.stdout).toMatch(/pr-7-shop \(.*\) does not go: Namespace pr-7-shop is still there/);
  expect(swept.stdout).toContain("::error title=0 of 1 preview removed; 1 could not be::");
  // Nothing runs there any more, held or not.
  expect(states()).toEqual(["in_progress success inactive"]);
}, 60_000);

test("a dry run of a preview is refused: nothing would be dry about it", async () => {
  const { code, stdout } = await runAction(step({}, { "dry-run": "true" }));
  expect(code).toBe(1);
  expect(stdout).toContain('The input "dry-run" can\'t be "true"');
  expect(await namespaceOf()).toBeUndefined();
});

describe("a sweep", () => {
  test("removes what is closed or past its time, and keeps the rest", async () => {
    for (const number of [7, 8, 9]) pull("open", first, number);
    await Promise.all([
      runAction(step({ number: 7 })),
      runAction(step({ number: 8 }, { ttl: "1ms", environment: "review-8" })),
      runAction(step({ number: 9 })),
    ]);
    pull("closed", first, 7);
    const planned = await runAction(step({}, { command: "preview-sweep", "dry-run": "true" }));
    expect(planned.stdout).toContain("2 of 3 previews would be removed");
    const swept = await runAction(step({}, { command: "preview-sweep" }));
    expect(swept.code).toBe(0);
    expect(JSON.parse(swept.outputs["previews"] ?? "")).toMatchObject([
      { namespace: "pr-7-shop", outcome: "removed", why: "its pull request is closed" },
      { namespace: "pr-8-shop", outcome: "removed", why: expect.stringContaining("its time passed at") },
      { namespace: "pr-9-shop", outcome: "kept" },
    ]);
    expect(await namespaceOf("pr-7-shop")).toBeUndefined();
    expect(await namespaceOf("pr-9-shop")).toBeDefined();
    const bodies = new Map(github.comments.map(({ number, body }) => [number, body]));
    expect(bodies.get(7)).toContain("🧹 The preview of shop is gone");
    expect(bodies.get(8)).toContain("its time had passed");
    expect(bodies.get(9)).toContain("is up");
    const ended = github.deployments.map(({ environment, statuses }) => [environment, statuses.at(-1)?.state]);
    expect(Object.fromEntries(ended)).toEqual({
      "pr-7-shop": "inactive",
      "review-8": "inactive",
      "pr-9-shop": "success",
    });
  }, 60_000);

  test("where GitHub does not say what is closed, removes nothing for that, and fails", async () => {
    pull("open");
    await runAction(step({}));
    github.fault = () => forbidden;
    const { code, stdout } = await runAction(step({}, { command: "preview-sweep" }));
    expect(code).toBe(1);
    expect(stdout).toContain("GitHub does not say whether its pull request is closed");
    expect(await namespaceOf()).toBeDefined();
  });
});

test("another event asks for nothing", async () => {
  const { workflow, ...rest } = step({});
  const { code, stdout } = await runAction({ ...rest, workflow: { ...workflow, GITHUB_EVENT_NAME: "push" } });
  expect(code).toBe(1);
  expect(stdout).toContain('command: preview is for pull requests, this run is for the event "push"');
});
