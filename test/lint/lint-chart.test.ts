import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { lintChart } from "../../src/lint/lint-chart.ts";
import { writeChart } from "../cli/chart-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "lint-chart-"));
afterAll(() => rmSync(folder, { recursive: true }));

const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n";
const chartYaml = "apiVersion: v2\nname: shop\nversion: 1.0.0\n";

// What Helm says of each is held against this in test/conformance/lint-mistakes.test.ts.
const rows: [name: string, files: Record<string, string>, expected: string[]][] = [
  ["nothing amiss", {}, []],
  [
    "templates for an install alone",
    { "templates/a.yaml": `{{ if .Release.IsInstall }}a: [{{ end }}\n${configMap}` },
    [],
  ],
  [
    "templates for an upgrade alone",
    { "templates/a.yaml": `{{ if .Release.IsUpgrade }}a: [{{ end }}\n${configMap}` },
    [],
  ],
  ["values that are ignored", { ".helmignore": "values.yaml\n" }, []],
  [
    "an ignore rule that is none",
    { ".helmignore": "[\n" },
    ["ERROR templates/: Cannot read the ignore rule", "ERROR : unable to load chart"],
  ],
  ["a field in other capitals", { "Chart.yaml": `${chartYaml}Icon: https://a.example/x.png\n` }, []],
  [
    "a field of the wrong type",
    { "Chart.yaml": chartYaml.replace("v2", "[v2]") },
    ["ERROR Chart.yaml: unable to parse YAML", "ERROR templates/: ", "ERROR : unable to load chart"],
  ],
  [
    "a kind that is deprecated in an API that is not",
    { "templates/a.yaml": configMap.replace("ConfigMap", "Endpoints") },
    ["WARNING templates/a.yaml: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"],
  ],
  [
    "a list of such a kind",
    { "templates/a.yaml": configMap.replace("ConfigMap", "EndpointsList") },
    ["WARNING templates/a.yaml: v1 EndpointsList is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSliceList"],
  ],
];

test.each(rows)("%s", async (name, files, expected) => {
  const path = writeChart(join(folder, name.replaceAll(" ", "-")), {
    "Chart.yaml": chartYaml,
    "values.yaml": "{}\n",
    "templates/a.yaml": configMap,
    ...files,
  });
  const found = await lintChart(path, { config: new Map(), namespace: "default", helm: "4", kubeVersion: "1.36" });
  const told = found.filter(({ severity }) => severity !== "INFO");
  expect(told.map(({ severity, path: place, text }) => `${severity} ${place}: ${text}`)).toEqual(
    expected.map((start) => expect.stringContaining(start)),
  );
});
