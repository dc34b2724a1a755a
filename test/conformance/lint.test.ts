import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mapConcurrently } from "../../src/base/concurrency.ts";
import { part } from "../parts.ts";
import { runSlipway, runTool } from "../scenarios/tools.ts";
import { failedIn, sectionsOf } from "./lint/sections.ts";

const root = mkdtempSync(join(tmpdir(), "slipway-lint-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const chartYaml = "apiVersion: v2\nname: sample\nversion: 1.0.0\n";
const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: sample\n";

/** Each breaks one rule, or none. */
const made: Record<string, Record<string, string>> = {
  whole: {},
  "no-name": { "Chart.yaml": "apiVersion: v2\nversion: 1.0.0\n" },
  "no-version": { "Chart.yaml": "apiVersion: v2\nname: sample\n" },
  "number-version": { "Chart.yaml": "apiVersion: v2\nname: sample\nversion: 1.2\n" },
  "loose-version": { "Chart.yaml": "apiVersion: v2\nname: sample\nversion: v1.2\n" },
  "zero-version": { "Chart.yaml": "apiVersion: v2\nname: sample\nversion: 0.0.0-0\n" },
  "odd-api": { "Chart.yaml": "apiVersion: v3\nname: sample\nversion: 1.0.0\n" },
  "old-type": { "Chart.yaml": "apiVersion: v1\nname: sample\nversion: 1.0.0\ntype: library\n" },
  "unknown-field": { "Chart.yaml": `${chartYaml}colour: red\n` },
  "bad-icon": { "Chart.yaml": `${chartYaml}icon: no\\address\n` },
  "bad-source": { "Chart.yaml": `${chartYaml}sources: [somewhere]\n` },
  "bad-maintainer": { "Chart.yaml": `${chartYaml}maintainers: [{name: A, email: nobody}]\n` },
  "number-app": { "Chart.yaml": `${chartYaml}appVersion: 1.5\n` },
  "missing-dependency": { "Chart.yaml": `${chartYaml}dependencies: [{name: sub, version: 1.0.0}]\n` },
  "extra-dependency": {
    "charts/sub/Chart.yaml": chartYaml.replace("sample", "sub"),
    "charts/sub/templates/a.yaml": configMap,
  },
  "bad-values": { "values.yaml": "a: [\n" },
  "list-values": { "values.yaml": "- a\n" },
  "empty-values": { "values.yaml": "" },
  schema: { "values.yaml": "a: x\n", "values.schema.json": '{"properties":{"a":{"type":"number"}}}' },
  "bad-schema": { "values.yaml": "a: x\n", "values.schema.json": "{" },
  required: { "templates/a.yaml": `${configMap}data: {a: {{ required "needed" .Values.a | quote }}}\n` },
  fail: { "templates/a.yaml": `{{ fail "no" }}${configMap}` },
  "broken-template": { "templates/a.yaml": "{{ .Values.a.b.c }}{{ if }}" },
  "broken-yaml": { "templates/a.yaml": "a: [\n" },
  indented: { "templates/a.yaml": `  ${configMap.replaceAll("\n", "\n  ").trim()}\n` },
  extension: { "templates/a.json": "{}" },
  "bad-object-name": { "templates/a.yaml": configMap.replace("name: sample", "name: Not_Good") },
  "bad-service-name": { "templates/a.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: 1abc}\n" },
  "role-name": {
    "templates/a.yaml": "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: 'a:b'}\n",
  },
  "no-selector": { "templates/a.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {}\n" },
  removed: { "templates/a.yaml": "apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: a}\n" },
  "list-policy": {
    "templates/a.yaml":
      "apiVersion: v1\nkind: List\nmetadata: {name: l}\nitems: [{metadata: {annotations: {helm.sh/resource-policy: keep}}}]\n",
  },
  "typed-wrong": { "templates/a.yaml": "apiVersion: 1\nkind: ConfigMap\nmetadata: {name: a}\n" },
  "several-documents": { "templates/a.yaml": `${configMap}---\n${configMap}---\n- list\n` },
  "other-extension": { "templates/a.yml": "a: [\n" },
  "crd-hook": { "templates/a.yaml": `${configMap}  annotations: {helm.sh/hook: crd-install}\n` },
  "install-alone": { "templates/a.yaml": `{{ if .Release.IsInstall }}a: [{{ end }}\n${configMap}` },
  "upgrade-alone": { "templates/a.yaml": `{{ if .Release.IsUpgrade }}a: [{{ end }}\n${configMap}` },
  "release-time": { "templates/a.yaml": `${configMap}# {{ .Release.Time }}\n` },
  definition: {
    "crds/a.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a}\n",
  },
  "no-definition": { "crds/a.yaml": configMap },
  library: { "Chart.yaml": `${chartYaml}type: library\n` },
  "no-templates": { "templates/a.yaml": "" },
};

beforeAll(() => {
  for (const [name, files] of Object.entries(made)) {
    const all = { "Chart.yaml": chartYaml, "values.yaml": "{}\n", "templates/a.yaml": configMap, ...files };
    for (const [file, text] of Object.entries(all)) {
      const path = join(root, name, file);
      if (text === "" && file.startsWith("templates/")) continue;
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(path, text);
    }
  }
});

const fixtures = readdirSync("test/fixtures/charts").map((name) => join("test/fixtures/charts", name));

/** What counts for the verdict, wording apart. */
function findings(text = ""): string[] {
  return [...text.matchAll(/^\[(WARNING|ERROR)\] ([^:]*):/gm)]
    .map(([, severity, path]) => `${severity} ${path?.replace(/^\/.*/, "FOLDER")}`)
    .sort();
}

describe.each(["3", "4"] as const)("as helm%s", (version) => {
  const helm = part(`helm${version}`) ?? "";

  test.runIf(helm)("lint says what Helm says, and fails where Helm fails", async () => {
    const paths = [...Object.keys(made).map((name) => join(root, name)), "examples/shop", ...fixtures];
    const words = ["lint", ...paths, "--kube-version", "1.36"];
    const [theirs, ours, strict, ourStrict] = await Promise.all([
      runTool(helm, words, { HOME: root }),
      runSlipway([...words, "--helm", version]),
      runTool(helm, [...words, "--strict"], { HOME: root }),
      runSlipway([...words, "--strict", "--helm", version]),
    ]);
    const [wanted, got] = [sectionsOf(theirs.out), sectionsOf(ours.out)];
    expect(wanted.size).toBe(paths.length);
    const found = (sections: Map<string, string>) => paths.map((path) => [path, findings(sections.get(path))]);
    expect(found(got)).toEqual(found(wanted));
    expect([failedIn(ours), failedIn(ourStrict)]).toEqual([failedIn(theirs), failedIn(strict)]);
    expect([ours.code, ourStrict.code]).toEqual([theirs.code, strict.code]);
  });

  test.runIf(helm)("show prints what Helm prints", async () => {
    const charts = ["examples/shop", ...fixtures];
    const differences = await mapConcurrently(charts, 2, async (path) => {
      const theirs = await runTool(helm, ["show", "all", path], { HOME: root });
      const ours = await runSlipway(["show", "all", path, "--helm", version]);
      return theirs.code === ours.code && theirs.out === ours.out
        ? undefined
        : { path, theirs: theirs.out, ours: ours.out };
    });
    expect(differences.filter((one) => one !== undefined)).toEqual([]);
  });

  test.runIf(helm)("what create writes passes the strict linter and renders alike", async () => {
    const path = join(root, `created-${version}`);
    expect((await runSlipway(["create", path])).code).toBe(0);
    expect(await runTool(helm, ["lint", "--strict", path], { HOME: root })).toMatchObject({ code: 0 });
    expect(await runSlipway(["lint", "--strict", path, "--helm", version])).toMatchObject({ code: 0 });
    const theirs = await runTool(helm, ["template", "shop", path], { HOME: root });
    expect(await runSlipway(["template", "shop", path, "--helm", version])).toMatchObject({ out: theirs.out });
  });
});
