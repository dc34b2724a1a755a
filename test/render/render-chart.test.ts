import { describe, expect, test } from "vitest";
import type { GoMap } from "../../src/base/go-value.ts";
import type { Chart, ChartFile } from "../../src/chart/types.ts";
import { type RenderOptions, renderChart } from "../../src/render/render-chart.ts";
import type { Rendered } from "../../src/render/types.ts";
import { chart as bareChart, yaml } from "../values/chart-fixture.ts";

function chart(templates: Record<string, string>, values = "{}", dependencies: Chart[] = []): Chart {
  const files: ChartFile[] = Object.entries(templates).map(([name, text]) => ({
    name: `templates/${name}`,
    data: Buffer.from(text),
  }));
  return { ...bareChart("top", values, dependencies), templates: files };
}

const release = { name: "rel", namespace: "ns", revision: 3, isUpgrade: true };
const none: GoMap = new Map();

function render(templates: Record<string, string>, options: Partial<RenderOptions> = {}): Promise<Rendered> {
  return renderChart({ chart: chart(templates), config: none, release, ...options });
}

const line = (template: string) => `kind: A\nline: ${template}\n`;

test("tells manifests, hooks, notes and the recorded text", async () => {
  const rendered = await render({
    "a.yaml": line("{{ .Release.Name }} {{ .Release.Revision }} {{ .Release.IsUpgrade }}"),
    "hook.yaml": "kind: Job\nmetadata: {name: h, annotations: {helm.sh/hook: test}}\n",
    "NOTES.txt": "hello {{ .Values.missing }}\n",
    "_partial.tpl": '{{ define "x" }}x{{ end }}kind: Never',
    "sub/blank.yaml": "{{ if false }}x{{ end }}\n",
  });
  expect(rendered.manifests.map(({ source, kind }) => [source, kind])).toEqual([["top/templates/a.yaml", "A"]]);
  expect(rendered.hooks.map(({ name }) => name)).toEqual(["h"]);
  expect(rendered.notes).toBe("hello \n");
  expect(rendered.manifest).toBe("---\n# Source: top/templates/a.yaml\nkind: A\nline: rel 3 true\n\n");
  expect(rendered.config).toBe(none);
});

test("a chart can be rendered again, although its templates change their values", async () => {
  const own = chart(
    { "a.yaml": line('{{ $_ := set .Values "count" (add1 .Values.count) }}{{ .Values.count }}') },
    "count: 1",
  );
  for (let i = 0; i < 2; i++) {
    expect((await renderChart({ chart: own, config: none, release })).manifest).toContain("line: 2\n");
  }
});

test("notes of subcharts come behind the top chart's, where they are asked for", async () => {
  const sub = { ...chart({ "NOTES.txt": "sub" }), metadata: { apiVersion: "v2", name: "sub", version: "1.0.0" } };
  const top = chart({ "NOTES.txt": "top" }, "{}", [sub]);
  expect((await renderChart({ chart: top, config: none, release })).notes).toBe("top");
  expect((await renderChart({ chart: top, config: none, release, subchartNotes: true })).notes).toBe("top\nsub");
});

describe("lookup", () => {
  const templates = {
    "a.yaml": line('{{ (lookup "v1" "Secret" "ns" "s").data.key }}'),
    "b.yaml": line(
      '{{ with lookup "v1" "Secret" "ns" "s" }}{{ (lookup "v1" "Pod" "" .data.key).metadata.name }}{{ end }}',
    ),
  };

  test("finds what the cluster has, also by what it found before", async () => {
    const asked: string[] = [];
    const rendered = await render(templates, {
      lookup: async (...query) => {
        asked.push(query.join(" "));
        return query[1] === "Secret" ? { data: { key: "k" } } : { metadata: { name: `pod-${query[3]}` } };
      },
    });
    expect(rendered.manifest).toMatch(/line: k\n[\s\S]*line: pod-k\n/);
    expect(asked).toEqual(["v1 Secret ns s", "v1 Pod  k"]);
  });

  test("finds nothing without a cluster, or where there is nothing", async () => {
    for (const lookup of [undefined, () => undefined]) {
      const rendered = await render(
        { "a.yaml": line('{{ lookup "v1" "Secret" "ns" "s" | len }}') },
        lookup ? { lookup } : {},
      );
      expect(rendered.manifest).toContain("line: 0\n");
    }
  });

  test("a failure for want of what is looked up is none", async () => {
    const template = line('{{ required "no secret" (lookup "v1" "Secret" "" "s").name }}');
    const rendered = await render({ "a.yaml": template }, { lookup: () => ({ name: "found" }) });
    expect(rendered.manifest).toContain("line: found\n");
    await expect(render({ "a.yaml": template }, { lookup: () => undefined })).rejects.toThrow(/no secret/);
  });

  test("its own failure is the rendering's", async () => {
    const lookup = () => Promise.reject(new Error("forbidden"));
    await expect(render(templates, { lookup })).rejects.toThrow("forbidden");
  });
});

describe("failures", () => {
  test.each<[string, Record<string, string>, object]>([
    [
      "fail",
      { "a.yaml": '{{ fail "not\\nso" }}' },
      { code: "TEMPLATE_EXEC", message: "execution error at (top/templates/a.yaml:1:3): not\nso" },
    ],
    [
      "required",
      { "a.yaml": '\n  {{ required "set it" .Values.x }}' },
      { message: "execution error at (top/templates/a.yaml:2:5): set it" },
    ],
    [
      "required, inside an include",
      { "a.yaml": '{{ include "x" . }}', "_x.tpl": '{{ define "x" }}{{ required "set it" "" }}{{ end }}' },
      { message: "execution error at (top/templates/a.yaml:1:3): set it" },
    ],
    [
      "a broken template",
      { "a.yaml": "ok\n{{ if }}" },
      { code: "TEMPLATE_PARSE", where: expect.stringContaining("top/templates/a.yaml:2") },
    ],
    [
      "nil",
      { "a.yaml": "{{ .Values.a.b.c }}" },
      { code: "TEMPLATE_EXEC", where: expect.stringContaining("top/templates/a.yaml:1") },
    ],
    ["no environment", { "a.yaml": '{{ env "HOME" }}' }, { code: "TEMPLATE_PARSE" }],
    [
      "an include of itself",
      { "a.yaml": '{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}' },
      { code: "TEMPLATE_EXEC" },
    ],
    ["broken output", { "a.yaml": "a: [" }, { code: "RENDER_INVALID_MANIFEST" }],
  ])("%s", async (_name, templates, expected) => {
    await expect(render(templates)).rejects.toMatchObject(expected);
  });

  test.each(["", "Upper", "a".repeat(54), "a_b"])("release name %j", async (name) => {
    await expect(render({}, { release: { ...release, name } })).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  test("missing subcharts are named", async () => {
    const top = bareChart(
      "top",
      "{}",
      [bareChart("here")],
      ["here", "a", "b"].map((name) => ({ name, version: "*" })),
    );
    await expect(renderChart({ chart: top, config: none, release })).rejects.toThrow(
      /found in Chart\.yaml, but missing in charts\/ directory: a, b$/,
    );
  });
});

test("`.Values` has the methods that charts call, and shows what is set in a subchart's", async () => {
  const sub = {
    ...chart({ "z.yaml": line('{{ $_ := set .Values "seen" "yes" }}x') }),
    metadata: { apiVersion: "v2", name: "sub", version: "1.0.0" },
  };
  const top = chart(
    {
      "a.yaml": line(
        '{{ dig "a" "b" "none" .Values.AsMap }} {{ dig "seen" "no" .Values.sub }} {{ typeOf .Values }} {{ kindOf .Values }}',
      ),
    },
    "{a: {b: deep}}",
    [sub],
  );
  const rendered = await renderChart({ chart: top, config: yaml("{}"), release });
  expect(rendered.manifest).toContain("line: deep yes common.Values map\n");
});
