import { describe, expect, test } from "vitest";
import type { HelmVersion } from "../../src/base/helm-version.ts";
import { renderChart } from "../../src/render/render-chart.ts";
import { chart } from "../values/chart-fixture.ts";

const release = { name: "r", namespace: "n", revision: 1, isUpgrade: false };

async function rendered(text: string, helm: HelmVersion): Promise<string> {
  const bare = chart("top");
  const own = {
    ...bare,
    metadata: { ...bare.metadata, keywords: ["a", "b"], maintainers: [{ name: "x" }] },
    templates: [{ name: "templates/NOTES.txt", data: Buffer.from(text) }],
  };
  return (await renderChart({ chart: own, config: new Map(), release, helm })).notes;
}

// What Helm 3.22 and 4.3 print.
describe("`.Chart`", () => {
  test.each([
    ["{{ .Chart.Metadata.Name }} {{ .Chart.Name }}", "top top"],
    ["{{ typeOf .Chart }} {{ typeOf .Chart.Metadata }}", "struct { chart.Metadata; IsRoot bool } chart.Metadata"],
    [
      "{{ toJson .Chart }}",
      '{"name":"top","version":"1.0.0","keywords":["a","b"],"maintainers":[{"name":"x"}],"apiVersion":"v2","IsRoot":true}',
    ],
    ["{{ toJson .Chart.Sources }} {{ toJson .Chart.Keywords }}", 'null ["a","b"]'],
    ["{{ .Chart.Metadata }}", /^\{top {2}\[\] 1\.0\.0 {2}\[a b\] \[0x[0-9a-f]+\] {2}v2 {4}false map\[\] {2}\[\] \}$/],
    ['{{ printf "%#v" .Chart.Annotations }}', "map[string]string(nil)"],
    ["{{ toJson .Capabilities.HelmVersion }}", '{"version":"v3.22","go_version":"go1.26.8"}'],
  ])("is a struct in Helm 3: %s", async (text, expected) => {
    expect(await rendered(text, "3")).toMatch(expected);
  });

  test.each([
    ["{{ .Chart.Name }} [{{ .Chart.Metadata }}]", "top []"],
    ["{{ toJson .Chart.Annotations }} {{ toJson .Chart.Sources }}", "null []"],
    ["{{ toJson .Capabilities.KubeVersion }}", '{"Version":"v1.37.0","Major":"1","Minor":"37"}'],
  ])("is a map in Helm 4: %s", async (text, expected) => {
    expect(await rendered(text, "4")).toBe(expected);
  });
});

test.each([
  ['{{ toYaml (fromJson "null") }} {{ toYaml (fromYaml "") }} {{ toYaml (fromYaml "null") }}', "null {} {}"],
  ['{{ toJson (deepCopy (fromJson "null")) }} {{ toJson (merge (fromJson "null") (dict "b" 1)) }}', 'null {"b":1}'],
  ['{{ printf "%#v" (fromJson "null") }} {{ len (fromJson "null") }}', "map[string]interface {}(nil) 0"],
  ['{{ toYaml (list (fromJson "null")) }} {{ empty (fromJson "null") }}', "- null true"],
])("a nil map: %s", async (text, expected) => {
  expect(await rendered(text, "4")).toBe(expected);
});

test("nothing can be put into a nil map", async () => {
  await expect(rendered('{{ set (fromJson "null") "a" 1 }}', "4")).rejects.toThrow("assignment to entry in nil map");
});
