import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { parseAllDocuments } from "yaml";
import type { AccessCommand } from "../../src/deploy/rbac.ts";
import { connect } from "../../src/kube/connect.ts";
import type { KubeClient, KubeObject } from "../../src/kube/types.ts";
import { type Ended, runSlipway } from "../scenarios/tools.ts";
import { freshName } from "../scenarios/world.ts";
import { placesIn } from "./chart-place.ts";
import { type Asked, type RecordingProxy, startRecordingProxy } from "./recording-proxy.ts";

const namespace = freshName("rbac");
const root = mkdtempSync(join(tmpdir(), "slipway-rbac-"));
const place = placesIn(() => root)("chart");
const chart = place.at("chart");
const accounts: RecordingProxy[] = [];

let admin: KubeClient;
let server = "";

beforeAll(async () => {
  admin = await connect({ kubeconfig: inject("kubeconfig") });
  server = /server: "?([^"}\s]+)/.exec(readFileSync(inject("kubeconfig"), "utf8"))?.[1] ?? "";
  await admin.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  writeChart();
});
afterAll(async () => {
  await Promise.all(accounts.map((account) => account.close()));
  await admin.delete({ apiVersion: "v1", kind: "Namespace", name: namespace }, {});
  admin.close();
  rmSync(root, { recursive: true, force: true });
});

/** A kind of each sort: a value changes every object, another one's pods, a third takes one away. */
function writeChart(): void {
  const meta = (suffix: string, more = "") =>
    `metadata:\n  name: {{ .Release.Name }}-${suffix}\n  labels: {turn: "{{ .Values.turn }}"}\n${more}`;
  const pods = (tag: string, labels: string) =>
    `template: {metadata: {labels: ${labels}}, spec: {containers: [{name: main, image: "shop:${tag}"}]}}`;
  const hook = (event: string) => `  annotations: {helm.sh/hook: "${event}"}\n`;
  const job = (name: string, event: string) =>
    `apiVersion: batch/v1\nkind: Job\n${meta(name, hook(event))}spec:\n  template: {spec: {restartPolicy: Never, containers: [{name: main, image: "shop:1"}]}}\n`;
  const web = (app: string) => `{app: "{{ .Release.Name }}-${app}"}`;
  const roles = "rbac.authorization.k8s.io";
  const files = {
    "Chart.yaml": "apiVersion: v2\nname: all\nversion: 1.0.0\n",
    "values.yaml": "turn: 1\nset: ready\nextra: true\n",
    "templates/config.yaml": `apiVersion: v1\nkind: ConfigMap\n${meta("config")}data: {known: {{ (lookup "v1" "Service" .Release.Namespace "other").kind | default "no" | quote }}}\n`,
    "templates/extra.yaml": `{{ if .Values.extra }}\napiVersion: v1\nkind: Secret\n${meta("extra")}{{ end }}`,
    "templates/service.yaml": `apiVersion: v1\nkind: Service\n${meta("web")}spec: {clusterIP: None, selector: ${web("web")}, ports: [{port: 80}]}\n`,
    "templates/web.yaml": `apiVersion: apps/v1\nkind: Deployment\n${meta("web")}spec:\n  replicas: 1\n  selector: {matchLabels: ${web("web")}}\n  ${pods("1", web("web"))}\n`,
    "templates/set.yaml": `apiVersion: apps/v1\nkind: StatefulSet\n${meta("set")}spec:\n  serviceName: web\n  selector: {matchLabels: ${web("set")}}\n  ${pods("{{ .Values.set }}", web("set"))}\n`,
    "templates/role.yaml": `apiVersion: ${roles}/v1\nkind: Role\n${meta("own")}rules: [{apiGroups: [""], resources: [endpoints], verbs: [get]}]\n`,
    "templates/binding.yaml": `apiVersion: ${roles}/v1\nkind: RoleBinding\n${meta("own")}roleRef: {apiGroup: ${roles}, kind: Role, name: "{{ .Release.Name }}-own"}\nsubjects: [{kind: ServiceAccount, name: default}]\n`,
    "templates/view.yaml": `apiVersion: ${roles}/v1\nkind: RoleBinding\n${meta("view")}roleRef: {apiGroup: ${roles}, kind: ClusterRole, name: view}\nsubjects: [{kind: ServiceAccount, name: default}]\n`,
    "templates/before.yaml": job("before", "pre-install,pre-upgrade,pre-rollback"),
    "templates/after.yaml": job("after", "post-delete"),
    "templates/test.yaml": `apiVersion: v1\nkind: Pod\n${meta("test", hook("test"))}spec: {restartPolicy: Never, containers: [{name: main, image: "shop:1"}]}\n`,
  };
  for (const [path, text] of Object.entries(files)) place.write(join("chart", path), text);
}

type Rule = { apiGroups: string[]; resources: string[]; verbs: string[]; resourceNames?: string[] };
type Account = RecordingProxy & { rules: Rule[]; run(...words: string[]): Promise<Ended> };

/** A service account that may do just what `slipway rbac` prints for the command. */
async function accountFor(command: AccessCommand, release: string): Promise<Account> {
  const name = `${command}-${release}`;
  const words = ["rbac", command, release, chart, "-n", namespace, "--service-account", name, "--role-name", name];
  const printed = await runSlipway(words);
  expect(printed).toMatchObject({ code: 0, err: "" });
  const documents = parseAllDocuments(printed.out).map((document) => document.toJS() as KubeObject);
  await admin.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } });
  for (const document of documents) await admin.create(document);
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 3600 } };
  const { status } = (await admin.raw("POST", path, request)) as { status: { token: string } };
  const proxy = await startRecordingProxy(server);
  accounts.push(proxy);
  const kubeconfig = JSON.stringify({
    clusters: [{ name: "c", cluster: { server: proxy.url } }],
    users: [{ name: "u", user: { token: status.token } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  });
  const rules = documents.filter(({ kind }) => kind === "Role").flatMap((role) => role["rules"] as Rule[]);
  expect(documents.map(({ kind }) => kind)).toEqual(["Role", "RoleBinding"]);
  return { ...proxy, rules, run: (...words) => runSlipway([...words, "-n", namespace, "--kubeconfig", kubeconfig]) };
}

const asAdmin = async (...words: string[]) => {
  const ended = await runSlipway([...words, "-n", namespace, "--kubeconfig", inject("kubeconfig")]);
  expect(ended).toMatchObject({ code: 0, err: "" });
};

/** What is needed only where something comes in between, which these stories don't have. */
const seldom: readonly [what: RegExp, when: string][] = [
  [/^get secrets$/, "a record is larger than one object"],
  [
    /^(get|update|patch) leases$/,
    "another run holds the lease; its dead run is taken over; a run takes longer than 5 s",
  ],
  [
    /^(list|watch) (configmaps|services|secrets|roles|rolebindings|deployments|statefulsets)$/,
    "what is deleted is not gone at once",
  ],
  [/^(list|watch|create|delete) jobs$/, "a hook is left behind, or not gone at once"],
  [/^(list|watch) pods$/, "a test is not gone at once"],
];

/** All of its requests were allowed, and all that it is allowed it asked for. */
function expectJust({ asked, rules }: Account, exceptions = seldom): void {
  const isReview = ({ resource }: Asked) => resource.startsWith("selfsubject");
  const denied = asked.filter(({ status }) => status === 403).map(({ verb, resource }) => `${verb} ${resource}`);
  expect(denied).toEqual([]);
  const used = new Set(asked.filter((one) => !isReview(one)).map(({ verb, resource }) => `${verb} ${resource}`));
  const granted = rules
    // What the chart's own roles grant and bind is checked, not asked for.
    .filter(({ resources, verbs }) => !resources.includes("endpoints") && !verbs.includes("bind"))
    .flatMap(({ resources, verbs }) => resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)));
  const unused = [...new Set(granted)].filter((grant) => !used.has(grant));
  expect(unused.filter((grant) => !exceptions.some(([what]) => what.test(grant)))).toEqual([]);
}

describe.concurrent("with just what slipway rbac prints", () => {
  test("deploy installs, upgrades, prunes, and takes back what fails", async () => {
    const account = await accountFor("deploy", "a");
    const deploy = (...values: string[]) =>
      account.run("deploy", "a", chart, ...values.flatMap((one) => ["--set", one]));
    const first = await deploy("set=crash");
    expect(first.err).toContain("The first install of a was taken back");
    expect(await deploy()).toMatchObject({ code: 0, err: "" });
    expect(await deploy("turn=2")).toMatchObject({ code: 0, err: "" });
    const failed = await deploy("turn=3", "set=crash");
    expect(failed.err).toContain("Release a was rolled back to revision 2");
    expect(await account.run("deploy", "a", chart, "--set", "extra=false", "--history-max", "2")).toMatchObject({
      code: 0,
      err: "",
    });
    expectJust(account);
  });

  test("rollback and uninstall go back to what was, and to nothing", async () => {
    await asAdmin("deploy", "b", chart);
    await asAdmin("deploy", "b", chart, "--set", "turn=2,extra=false");
    const rollback = await accountFor("rollback", "b");
    expect(await rollback.run("rollback", "b")).toMatchObject({ code: 0, err: "" });
    // Objects go, pods are replaced and old records are removed in other rollbacks than this one.
    const others: typeof seldom = [
      [/^delete /, "the revision that is left had more objects, or a pod is stuck"],
      [/^create /, "an object is gone since"],
      [/^(patch) secrets$/, "an object is another since"],
      [/^(list|watch) replicasets$/, "a Deployment's pods change"],
      [/^(get|list) (pods\/log|events)$/, "the rollback fails"],
    ];
    expectJust(rollback, [...seldom, ...others]);

    const uninstall = await accountFor("uninstall", "b");
    expect(await uninstall.run("uninstall", "b")).toMatchObject({ code: 0, err: "" });
    expectJust(uninstall, [...seldom, [/^(get|list|watch) (pods|pods\/log|events)$/, "a hook fails"]]);
    const config = { apiVersion: "v1", kind: "ConfigMap", namespace, name: "b-config" };
    expect(await admin.get(config)).toBeUndefined();
  });

  test("test runs the chart's tests", async () => {
    await asAdmin("deploy", "c", chart);
    const account = await accountFor("test", "c");
    expect(await account.run("test", "c", "--logs")).toMatchObject({ code: 0, err: "" });
    expectJust(account, [...seldom, [/^list events$/, "a test fails"], [/^delete pods$/, "a test is run again"]]);
  });

  test("drift is found and set back", async () => {
    await asAdmin("deploy", "e", chart);
    const service = { apiVersion: "v1", kind: "Service", namespace, name: "e-web" };
    const byHand = async () => {
      await admin.patch({ ...service, kind: "ConfigMap", name: "e-config" }, "merge", { data: { known: "by hand" } });
      await admin.delete(service, {});
    };
    await byHand();
    const finder = await accountFor("drift", "e");
    const found = await finder.run("drift", "e", "--fail-on-drift");
    expect({ code: found.code, err: found.err }).toEqual({ code: 2, err: "" });
    expect(found.out).toContain("2 objects not as recorded");
    const few: typeof seldom = [
      [/^list /, "there are many objects of a kind"],
      [/^patch /, "an object is not provably as recorded"],
    ];
    expectJust(finder, [...seldom, ...few]);

    const mender = await accountFor("drift-correct", "e");
    expect(await mender.run("drift", "e", "--correct", "--fail-on-drift")).toMatchObject({ code: 0, err: "" });
    expect(await admin.get(service)).toBeDefined();
    expectJust(mender, [...seldom, ...few, [/^create /, "an object is gone"]]);
  });

  test("plan, status, history, list, get and unlock look on", async () => {
    await asAdmin("deploy", "d", chart);
    const plan = await accountFor("plan", "d");
    expect((await plan.run("plan", "d", chart, "--set", "turn=2", "--exit-code")).code).toBe(2);
    expect((await plan.run("plan", "new", chart, "--exit-code")).err).toBe("");
    expectJust(plan);
    const others: [AccessCommand, ...string[]][] = [
      ["status", "d"],
      ["history", "d"],
      ["list"],
      ["get", "all", "d"],
      ["unlock", "d"],
    ];
    for (const [command, ...words] of others) {
      const account = await accountFor(command, "d");
      expect(await account.run(command, ...words)).toMatchObject({ code: 0, err: "" });
      expectJust(account, [...seldom, [/^update secrets$/, "a dead run left a revision behind"]]);
    }
  });
});
