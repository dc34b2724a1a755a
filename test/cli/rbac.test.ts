import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { runSlipway } from "../scenarios/tools.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function chartWith(templates: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-rbac-"));
  folders.push(folder);
  const files = { "Chart.yaml": "apiVersion: v2\nname: it\nversion: 1.0.0\n", ...templates };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

type Rule = Record<"apiGroups" | "resources" | "verbs" | "resourceNames" | "nonResourceURLs", string[]>;
type Printed = { kind: string; metadata: { name: string; namespace?: string }; rules?: Rule[]; subjects?: object[] };

async function printed(...words: string[]): Promise<Printed[]> {
  const { code, out, err } = await runSlipway(["rbac", ...words]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return parseAllDocuments(out).map((document) => document.toJS());
}

/** `verbs group/resource` of each rule of one document, with the names that it is about. */
function grants({ rules = [] }: Printed): string[] {
  return rules.flatMap(({ apiGroups, resources, verbs, resourceNames, nonResourceURLs }) =>
    (resources ?? nonResourceURLs).map((resource) => {
      const named = resourceNames ? ` ${resourceNames.join(",")}` : "";
      return `${verbs.join("/")} ${apiGroups?.[0] ? `${apiGroups[0]}/` : ""}${resource}${named}`;
    }),
  );
}

const rbac = "rbac.authorization.k8s.io";
const role = (kind: string, name: string, rules: string) =>
  `apiVersion: ${rbac}/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nrules: ${rules}\n`;
const binding = (kind: string, to: string) =>
  `apiVersion: ${rbac}/v1\nkind: ${kind}\nmetadata: {name: b}\nroleRef: {apiGroup: ${rbac}, ${to}}\nsubjects: []\n`;

describe("a role has", () => {
  test.each<[string, Record<string, string>, string[]]>([
    [
      "what the chart's Role grants, as nobody may grant more than he has",
      { "templates/a.yaml": role("Role", "a", '[{apiGroups: [""], resources: [endpoints], verbs: [get, watch]}]') },
      ["get/watch endpoints", "create/delete/get/list/patch/watch rbac.authorization.k8s.io/roles"],
    ],
    [
      "the right to bind a role that is not the chart's, and no other",
      { "templates/a.yaml": binding("RoleBinding", "kind: ClusterRole, name: view") },
      ["bind rbac.authorization.k8s.io/clusterroles view"],
    ],
    [
      "what templates look up",
      {
        "templates/a.yaml":
          '{{ if lookup "v1" "Service" .Release.Namespace "x" }}{{ end }}{{ if lookup "apps/v1" "DaemonSet" "shop" "" }}{{ end }}',
      },
      ["get services x", "list apps/daemonsets"],
    ],
    [
      "a custom kind by the name that its definition says",
      {
        "crds/a.yaml":
          "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: geese.a.io}\nspec: {group: a.io, scope: Namespaced, names: {kind: Goose, plural: geese}}\n",
        "templates/a.yaml": "apiVersion: a.io/v1\nkind: Goose\nmetadata: {name: g}\n",
      },
      ["create/delete/get/list/patch/watch a.io/geese"],
    ],
  ])("%s", async (_name, templates, wanted) => {
    const documents = await printed("deploy", chartWith(templates), "-n", "shop");
    const inShop = documents.filter(({ metadata }) => metadata.namespace === "shop").flatMap(grants);
    expect(inShop).toEqual(expect.arrayContaining(wanted));
  });

  test("no other kinds than those that are rendered", async () => {
    const chart = chartWith({
      "templates/a.yaml": "{{ if .Values.b }}\napiVersion: v1\nkind: Service\nmetadata: {name: b}\n{{ end }}",
    });
    const resources = (documents: Printed[]) => documents.flatMap(grants).map((grant) => grant.split(" ")[1]);
    expect(resources(await printed("deploy", chart))).not.toContain("services");
    expect(resources(await printed("deploy", chart, "--set", "b=true"))).toContain("services");
    expect(resources(await printed("deploy", chart, "--set", "b=true"))).not.toContain("pods");
  });
});

test("what is cluster-wide is in a ClusterRole of its own, named after the namespace", async () => {
  const chart = chartWith({
    "templates/a.yaml": role("ClusterRole", "a", "[{nonResourceURLs: [/metrics], verbs: [get]}]"),
    "templates/b.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: other}\n",
  });
  const documents = await printed(
    "deploy,status",
    chart,
    "-n",
    "shop",
    "--service-account",
    "ci/deployer",
    "--user",
    "y",
  );
  expect(documents.map(({ kind, metadata }) => [kind, metadata.name, metadata.namespace])).toEqual([
    ["Role", "slipway-deploy-status", "other"],
    ["RoleBinding", "slipway-deploy-status", "other"],
    ["Role", "slipway-deploy-status", "shop"],
    ["RoleBinding", "slipway-deploy-status", "shop"],
    ["ClusterRole", "slipway-deploy-status-shop", undefined],
    ["ClusterRoleBinding", "slipway-deploy-status-shop", undefined],
  ]);
  expect(documents[1]?.subjects).toEqual([
    { kind: "ServiceAccount", name: "deployer", namespace: "ci" },
    { kind: "User", name: "y", apiGroup: rbac },
  ]);
  expect(documents.flatMap(grants)).toContain("get /metrics");
});

test("for all namespaces there is one role, which may create them", async () => {
  const documents = await printed("deploy", "-A", "--group", "deployers");
  expect(documents.map(({ kind, metadata }) => [kind, metadata.name])).toEqual([
    ["ClusterRole", "slipway-deploy"],
    ["ClusterRoleBinding", "slipway-deploy"],
  ]);
  expect(documents.flatMap(grants)).toContain("create namespaces");
});

test("who only looks on may write nothing", async () => {
  const verbs = (await printed("status,history,list,get")).flatMap(({ rules = [] }) =>
    rules.flatMap(({ verbs }) => verbs),
  );
  expect([...new Set(verbs)].sort()).toEqual(["get", "list"]);
});

test("what a chart says becomes no YAML of its own", async () => {
  const evil = '"x]\\n- {apiGroups: [*], resources: [*], verbs: [*]}"';
  const chart = chartWith({
    "templates/a.yaml": role("Role", "a", `[{apiGroups: [""], resources: [${evil}], verbs: [get]}]`),
    "templates/b.yaml": binding("RoleBinding", `kind: ClusterRole, name: ${evil}`).replace("name: b", `name: ${evil}`),
  });
  const documents = await printed("deploy", chart, "--user", "a\nb: c");
  expect(documents.map(({ kind }) => kind)).toEqual(["Role", "RoleBinding"]);
  const all = documents.flatMap(({ rules = [] }) => rules);
  expect(all.some(({ verbs, apiGroups = [] }) => verbs.includes("*") || apiGroups.includes("*"))).toBe(false);
});

test.each([
  ["a command that asks nothing", ["template"], /"template" is no command that has permissions/],
  ["a misspelt one", ["delpoy"], /Did you mean deploy\?/],
  ["a service account of nowhere", ["deploy", "--service-account", "/ci"], /Write NAME, or NAMESPACE\/NAME/],
])("%s is refused", async (_name, words, text) => {
  const { code, err } = await runSlipway(["rbac", ...words]);
  expect(code).toBe(1);
  expect(err).toMatch(text);
});
