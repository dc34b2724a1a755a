import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { arrayAt, stringAt } from "../../src/base/json-path.ts";
import type { KubeObject } from "../../src/kube/types.ts";
import {
  both,
  chart,
  deploy,
  deployed,
  folder,
  get,
  hazardsOf,
  made,
  makeNamespace,
  podsOf,
  readsSettings,
  settings,
  stateOf,
  told,
  web,
  world,
} from "./hazard-place.ts";
import { definition, refused, version } from "./hazard-rows.ts";

describe("told before the API server refuses it", () => {
  test.each(refused)("$id: $name", async ({ id, before, after, at, says }) => {
    const namespace = await makeNamespace();
    const words = ["--replace-immutable=none"];
    if (before) await deployed(before, namespace, "--wait=false");
    const [object, field] = at;
    const place = object.replaceAll("NS", namespace);

    const told = (await hazardsOf(after, namespace, ...words)).filter((hazard) => hazard.severity === "error");
    expect(told[0]).toMatchObject({ id, field });
    expect(`${told[0]?.ref?.kind} ${told[0]?.ref?.name}`).toBe(place);
    expect(told[0]?.remedy).toMatch(/^.{20,}/);

    const untouched = await stateOf(namespace);
    const stopped = await deploy(after, namespace, ...words);
    expect(stopped.code).toBe(1);
    expect(stopped.err).toMatch(/\(PLAN_HAZARD\)/);
    expect(stopped.err).toContain("Nothing was changed");
    expect(await stateOf(namespace)).toEqual(untouched);

    const forced = await deploy(
      after,
      namespace,
      ...words,
      "--ignore-hazards=all",
      "--on-failure=keep",
      "--wait=false",
    );
    expect(forced.code).toBe(1);
    expect(forced.err + forced.out).toMatch(says);
    await world.slipway("uninstall", "it", "-n", namespace, "--wait=false");
  });
});

describe("told before it goes otherwise than wished", () => {
  test("config-without-restart: the pods go on with the old values", async () => {
    const namespace = await makeNamespace();
    await deployed(both(settings("{a: '1'}"), web("", readsSettings)), namespace);
    const next = both(settings("{a: '2'}"), web("", readsSettings));
    expect(told(await hazardsOf(next, namespace), "config-without-restart")).toMatchObject([
      {
        severity: "warning",
        ref: { kind: "ConfigMap", name: "settings" },
        message: expect.stringContaining("Deployment"),
      },
    ]);
    const before = await podsOf(namespace);
    expect((await deployed(next, namespace)).out).toContain("[config-without-restart]");
    expect(await podsOf(namespace)).toEqual(before);
    // Where the pods restart, there is nothing to tell.
    const fresh = both(settings("{a: '3'}"), web("", readsSettings.replace("app:1", "app:2")));
    expect(told(await hazardsOf(fresh, namespace), "config-without-restart")).toEqual([]);
  });

  test("replicas-scaled: the deploy sets back what the autoscaler had set", async () => {
    const namespace = await makeNamespace();
    const scaled = web("", undefined, "replicas: 1, ");
    const scaler = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: ${namespace}}
spec: {minReplicas: 3, maxReplicas: 5, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
`;
    await deployed(both(scaled, scaler), namespace);
    const live = () =>
      get("apps/v1", "Deployment", namespace, "web") as Promise<KubeObject & { spec: { replicas: number } }>;
    await vi.waitFor(async () => expect((await live()).spec.replicas).toBe(3), { timeout: 60_000, interval: 500 });
    expect(told(await hazardsOf(both(scaled, scaler), namespace), "replicas-scaled")).toMatchObject([
      { ref: { kind: "Deployment", name: "web" }, field: "spec.replicas" },
    ]);
    const before = (await live()).metadata.generation ?? 0;
    await deployed(both(scaled, scaler), namespace, "--wait=false");
    expect((await live()).metadata.generation).toBeGreaterThan(before);
  }, 120_000);

  test("variable-twice, container-port-twice: the API server takes it, and a later patch finds the wrong one", async () => {
    const namespace = await makeNamespace();
    const twice =
      'name: c, image: "app:1", env: [{name: A, value: "1"}, {name: A, value: "2"}], ports: [{containerPort: 53, name: dns}, {containerPort: 53, name: udp, protocol: UDP}]';
    const hazards = await hazardsOf(web("", twice), namespace);
    expect(told(hazards, "variable-twice")).toMatchObject([{ field: "spec.template.spec.containers[0].env[1]" }]);
    expect(told(hazards, "container-port-twice")).toMatchObject([
      { field: "spec.template.spec.containers[0].ports[1]" },
    ]);
    await deployed(web("", twice), namespace);
    // What Helm and kubectl send when the second of each changes.
    const container = {
      name: "c",
      env: [{ name: "A", value: "3" }],
      ports: [{ containerPort: 53, name: "udp2", protocol: "UDP" }],
    };
    const ref = { apiVersion: "apps/v1", kind: "Deployment", namespace, name: "web" };
    const patched = world.kube.patch(ref, "strategic", { spec: { template: { spec: { containers: [container] } } } });
    const live = await patched.catch((error: Error) => error.message);
    const [found] = arrayAt(live, "spec", "template", "spec", "containers");
    expect(arrayAt(found, "env").map((one) => stringAt(one, "value"))).not.toEqual(["1", "3"]);
    expect(arrayAt(found, "ports").map((one) => stringAt(one, "name"))).not.toEqual(["dns", "udp2"]);
  });

  test("service-number-twice: a later patch finds the wrong one", async () => {
    const namespace = await makeNamespace();
    const dns =
      "apiVersion: v1\nkind: Service\nmetadata: {name: dns}\nspec: {selector: {a: b}, ports: [{name: tcp, port: 53}, {name: udp, port: 53, protocol: UDP}]}\n";
    expect(told(await hazardsOf(dns, namespace), "service-number-twice")).toMatchObject([{ field: "spec.ports[1]" }]);
    await deployed(dns, namespace);
    const ref = { apiVersion: "v1", kind: "Service", namespace, name: "dns" };
    const patch = { spec: { ports: [{ port: 53, protocol: "UDP", name: "udp2" }] } };
    const live = await world.kube.patch(ref, "strategic", patch).catch((error: Error) => error.message);
    expect(arrayAt(live, "spec", "ports").map((port) => stringAt(port, "name"))).not.toEqual(["tcp", "udp2"]);
  });

  test("service-stays-headless: the API server keeps what the chart no longer says", async () => {
    const namespace = await makeNamespace();
    const service = (spec: string) =>
      `apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {${spec}selector: {a: b}, ports: [{port: 80}]}\n`;
    await deployed(service("clusterIP: None, "), namespace);
    expect(told(await hazardsOf(service(""), namespace), "service-stays-headless")).toMatchObject([
      { field: "spec.clusterIP" },
    ]);
    await deployed(service(""), namespace);
    expect(await get("v1", "Service", namespace, "web")).toMatchObject({ spec: { clusterIP: "None" } });
  });

  test("quota-exceeded: the pods beyond are refused", async () => {
    const namespace = await makeNamespace();
    const quota = {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "few", namespace },
      spec: { hard: { pods: "1", "count/configmaps": "2" } },
    };
    // Every namespace gets this one, which counts.
    const given = async () =>
      expect(await get("v1", "ConfigMap", namespace, "kube-root-ca.crt")).toMatchObject({ kind: "ConfigMap" });
    await vi.waitFor(given, { timeout: 20_000, interval: 100 });
    await world.kube.create(quota);
    const counted = async () =>
      expect(await get("v1", "ResourceQuota", namespace, "few")).toMatchObject({ status: { used: { pods: "0" } } });
    await vi.waitFor(counted, { timeout: 20_000, interval: 100 });
    const two = web("", undefined, "replicas: 2, ");
    const hazards = told(await hazardsOf(two, namespace), "quota-exceeded");
    expect(hazards).toMatchObject([{ ref: { kind: "ResourceQuota", name: "few" }, field: "spec.hard[pods]" }]);
    expect(told(await hazardsOf(web("", undefined, "replicas: 1, "), namespace), "quota-exceeded")).toEqual([]);
    await deployed(two, namespace, "--wait=false");
    const refusal = async () => {
      const { items } = await world.kube.list("v1", "Event", { namespace });
      expect(items.map((event) => event["message"]).join("\n")).toMatch(/exceeded quota: few/);
    };
    await vi.waitFor(refusal, { timeout: 20_000, interval: 200 });
  });

  test("version-dropped, schema-narrowed: objects lose what the schema no longer knows", async () => {
    const namespace = await makeNamespace();
    made.push({ kind: "crd", name: `things.${namespace}.example.com` });
    const wide = definition(
      `${version("v1", "size: {type: integer}, color: {type: string}")}, ${version("v1beta1", "size: {type: integer}", "served: true, storage: false")}`,
    );
    const narrow = definition(version("v1", "size: {type: integer}"));
    await deployed(wide, namespace);
    const thing = {
      apiVersion: `${namespace}.example.com/v1`,
      kind: "Thing",
      metadata: { name: "one", namespace },
      spec: { size: 1, color: "red" },
    };
    await world.kube.create(thing);
    const hazards = await hazardsOf(narrow, namespace);
    expect(told(hazards, "version-dropped")).toMatchObject([{ message: expect.stringContaining("v1beta1") }]);
    expect(told(hazards, "schema-narrowed")).toMatchObject([
      { message: expect.stringContaining("spec.color is gone") },
    ]);
    await deployed(narrow, namespace);
    const shorn = async () => {
      const live = await get(thing.apiVersion, "Thing", namespace, "one");
      expect(live?.["spec"]).toEqual({ size: 1 });
    };
    await vi.waitFor(shorn, { timeout: 20_000, interval: 200 });
    const old = await world.kubectl("get", "--raw", `/apis/${namespace}.example.com/v1beta1/things`);
    expect(old.err).toMatch(/NotFound|could not find/);
  });

  test("record-too-large: the record is kept in parts, and Helm refuses to change the release", async () => {
    const namespace = await makeNamespace();
    const large = Array.from(
      { length: 3 },
      (_, index) => `apiVersion: v1
kind: ConfigMap
metadata: {name: noise-${index}}
binaryData: {a: ${randomBytes(700_000).toString("base64").replaceAll("NS", "Ns")}}
`,
    );
    const hazards = told(await hazardsOf(both(...large), namespace), "record-too-large");
    expect(hazards).toMatchObject([{ severity: "warning", field: "data.release" }]);
    await deployed(both(...large), namespace);
    const helm = await world.helm3("upgrade", "it", chart(settings("{}"), namespace), "-n", namespace);
    expect(helm.code).not.toBe(0);
    await world.slipway("uninstall", "it", "-n", namespace);
  });

  test("data-deleted: a definition goes with every object of its kind", async () => {
    const namespace = await makeNamespace();
    const keeps = settings("{a: '1'}");
    await deployed(both(keeps, definition(version("v1"))), namespace);
    const thing = {
      apiVersion: `${namespace}.example.com/v1`,
      kind: "Thing",
      metadata: { name: "one", namespace },
      spec: { size: 1 },
    };
    await world.kube.create(thing);
    expect(told(await hazardsOf(keeps, namespace), "data-deleted")).toMatchObject([
      { ref: { kind: "CustomResourceDefinition" }, message: expect.stringContaining("every object of its kind") },
    ]);
    await deployed(keeps, namespace);
    const gone = async () => {
      const { code } = await world.kubectl("get", `things.${namespace}.example.com`, "-n", namespace);
      expect(code).not.toBe(0);
    };
    await vi.waitFor(gone, { timeout: 20_000, interval: 200 });
  });
});

describe("places and permissions", () => {
  test("namespace-terminating: the API server takes nothing new", async () => {
    const namespace = await makeNamespace();
    const held = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "held", namespace, finalizers: ["example.com/held"] },
    };
    await world.kube.create(held);
    await world.kube.delete({ apiVersion: "v1", kind: "Namespace", name: namespace });
    const going = async () =>
      expect(await world.kube.get({ apiVersion: "v1", kind: "Namespace", name: namespace })).toMatchObject({
        status: { phase: "Terminating" },
      });
    await vi.waitFor(going, { timeout: 20_000, interval: 100 });
    expect(await hazardsOf(settings("{}"), namespace)).toMatchObject([
      { id: "namespace-terminating", severity: "error" },
    ]);
    expect((await deploy(settings("{}"), namespace)).err).toContain("(PLAN_HAZARD)");
    const forced = await deploy(settings("{}"), namespace, "--ignore-hazards=namespace-terminating");
    expect(forced.err).toMatch(/because it is being terminated/);
    const ref = { apiVersion: "v1", kind: "ConfigMap", namespace, name: "held" };
    await world.kube.patch(ref, "merge", { metadata: { finalizers: null } });
  });

  test("an API that was removed: what to use in its place is told", async () => {
    const namespace = await makeNamespace();
    const old =
      "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: {minAvailable: 1}\n";
    const stopped = await deploy(old, namespace);
    expect(stopped.err).toMatch(/unavailable in v1\.25\+; use policy\/v1 PodDisruptionBudget.*\(PLAN_UNKNOWN_KIND\)/);
    expect((await world.kubectl("get", "--raw", "/apis/policy/v1beta1")).code).not.toBe(0);
  });

  const all = (namespace: string) =>
    both(
      settings("{a: '1'}"),
      web("", readsSettings),
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: ${namespace}-app}\nrules: []\n`,
    );

  /** Gives the user just what the text says, which is YAML between other lines. */
  async function grant(text: string, user: string, namespace: string) {
    const yaml = text
      .split("\n")
      .map((line) => line.replace(/^ {4}/, ""))
      .filter((line) => /^(apiVersion:|kind:|metadata:|rules:|- \{|---)/.test(line))
      .join("\n");
    const path = join(folder, `${user}-${Date.now()}.yaml`);
    writeFileSync(path, yaml.replaceAll("name: slipway", `name: ${user}`));
    const applied = await world.kubectl("apply", "-f", path);
    expect(applied).toMatchObject({ code: 0 });
    if (yaml.includes("kind: ClusterRole")) {
      made.push({ kind: "clusterrole", name: user }, { kind: "clusterrolebinding", name: user });
      await world.kubectl("create", "clusterrolebinding", user, `--clusterrole=${user}`, `--user=${user}`);
    }
    await world.kubectl("create", "rolebinding", user, "-n", namespace, `--role=${user}`, `--user=${user}`);
  }

  test.each([
    { name: "may nothing", verbs: undefined, lacks: ["list/create/update secrets", "get/", "deployments.apps"] },
    { name: "may only read", verbs: "get,list,watch", lacks: ["create/update secrets", "create deployments.apps"] },
  ])(
    "permission-missing: of a user who $name, all is told at once, and the Role that is shown is enough",
    async ({ verbs, lacks }) => {
      const namespace = await makeNamespace();
      const user = namespace;
      if (verbs) {
        made.push({ kind: "clusterrole", name: `${user}-r` }, { kind: "clusterrolebinding", name: `${user}-r` });
        await world.kube.create({
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "ClusterRole",
          metadata: { name: `${user}-r` },
          rules: [{ apiGroups: ["*"], resources: ["*"], verbs: verbs.split(",") }],
        });
        await world.kubectl("create", "clusterrolebinding", `${user}-r`, `--clusterrole=${user}-r`, `--user=${user}`);
      }
      const as = ["--kube-as-user", user];
      const untouched = await stateOf(namespace);
      const settled = async () =>
        expect((await world.kubectl("auth", "can-i", "list", "secrets", "-n", namespace, "--as", user)).code).toBe(
          verbs ? 0 : 1,
        );
      await vi.waitFor(settled, { timeout: 20_000, interval: 200 });
      const stopped = await deploy(all(namespace), namespace, ...as);
      expect(stopped.code).toBe(1);
      expect(stopped.err).toMatch(/The user may not .*\(KUBE_FORBIDDEN\)/);
      for (const lack of lacks) expect(stopped.err).toContain(lack);
      expect(stopped.err).toMatch(/kind: Role\n[\s\S]*kind: ClusterRole\n|kind: ClusterRole\n[\s\S]*kind: Role\n/);
      expect(await stateOf(namespace)).toEqual(untouched);
      await grant(stopped.err, user, namespace);
      // RBAC takes a moment to hear of it.
      const granted = async () =>
        expect((await world.kubectl("auth", "can-i", "create", "configmaps", "-n", namespace, "--as", user)).code).toBe(
          0,
        );
      await vi.waitFor(granted, { timeout: 20_000, interval: 200 });
      const done = await deploy(all(namespace), namespace, ...as);
      expect(done).toMatchObject({ code: 0, err: "" });
      // What it can do without is told, not demanded.
      expect(done.out).toContain("[permission-optional]");
      await world.slipway("uninstall", "it", "-n", namespace);
    },
  );
});
