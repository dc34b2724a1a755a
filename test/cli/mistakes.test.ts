import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commandLine } from "./command-line.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mistakes-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const shop: Record<string, string> = {
  "shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
  "shop/values.yaml": "images:\n  tag: x\nport: 80\nlist: [a]\n",
  "shop/charts/backend/Chart.yaml": "apiVersion: v2\nname: backend\nversion: 1.0.0\n",
  "prod.yaml": "port: 81\n",
};
const helpers =
  '{{- define "shop.labels" -}}\n  {{- include "inner" . }}\n{{- end }}\n{{- define "inner" -}}\nb: {{ .Values.image.tag }}\n{{- end }}\n';

type Mistake = { name: string; files?: Record<string, string>; template?: string; words?: string[] };

const mistakes: Mistake[] = [
  { name: "a value that is not set", template: "a: {{ .Values.image.tag }}" },
  { name: "a value that is not set, below one that is", template: "a: {{ .Values.images.main.tag }}" },
  {
    name: "a value that is null",
    template: "a: {{ .Values.gone.x }}",
    words: ["--set-json", 'gone={"x":1}', "--set", "gone=null"],
  },
  { name: "nil where a text is wanted", template: "a: {{ .Values.nix | trunc 3 }}" },
  { name: "index of nil", template: 'a: {{ index .Values.nope "x" }}' },
  { name: "a value that is not set, in an include of an include", template: '{{ include "shop.labels" . }}' },
  { name: "a value that is not set, in a text for tpl", template: '{{ tpl "a: {{ .Values.image.tag }}" . }}' },
  {
    name: "a value that a subchart misses",
    files: { "shop/charts/backend/templates/b.yaml": "a: {{ .Values.image.tag }}" },
  },
  { name: "a misspelt function", template: "a: {{ .Values.port | qoute }}" },
  { name: "a misspelt template", template: '{{ include "shop.lables" . }}' },
  { name: "a misspelt field of the chart", template: "a: {{ .Chart.Nmae.x }}" },
  { name: "a misspelt object", template: "a: {{ .Vlaues.x }}" },
  { name: "a forgotten dot", template: "a: {{ Values.port }}" },
  { name: "a block without end", template: "{{ if .Values.port }}\na: 1\n" },
  { name: "an end too many", template: "a: 1\n{{ end }}" },
  { name: "an action without end", template: "a: {{ .Values.port \n" },
  { name: "a quote without end", template: 'a: {{ "x }}' },
  { name: "a variable that is not declared", template: "a: {{ $x }}" },
  { name: "a field of a text", template: "a: {{ .Values.images.tag.x }}" },
  { name: "range over a text", template: "{{ range .Values.images.tag }}x{{ end }}" },
  { name: "too few arguments", template: "a: {{ trunc 3 }}" },
  { name: "types that can't be compared", template: 'a: {{ if gt .Values.port "x" }}1{{ end }}' },
  { name: "a list that is too short", template: "a: {{ index .Values.list 3 }}" },
  {
    name: "a template that includes itself",
    template: '{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}',
  },
  { name: "what the chart asks for", template: 'a: {{ required "image.tag is required" .Values.image }}' },
  { name: "output with a colon too many", template: "metadata:\n  name: a\ndata:\n  x: y: z\n" },
  { name: "output with a tab", template: "a:\n\tb: 1\n" },
  { name: "output that is a text", template: "not an object" },
  {
    name: "a values file with wrong indentation",
    files: { "v.yaml": "image:\n  tag: 1\n bad: [\n" },
    words: ["-f", "v.yaml"],
  },
  { name: "a values file with a tab", files: { "v.yaml": "a:\n\tb: 1\n" }, words: ["-f", "v.yaml"] },
  { name: "a values file that is a list", files: { "v.yaml": "- a\n" }, words: ["-f", "v.yaml"] },
  { name: "a values.yaml with a colon too many", files: { "shop/values.yaml": "a: b: c\n" } },
  { name: "a values file that is not there", words: ["-f", "nope.yaml"] },
  { name: "a set without value", words: ["--set", "a"] },
  { name: "a set with a wrong index", words: ["--set", "a[b]=1"] },
  { name: "a set of broken JSON", words: ["--set-json", "a={"] },
  { name: "a template that is not in the chart", words: ["--show-only", "templates/nope.yaml"] },
  { name: "a wrong version", words: ["--kube-version", "x"] },
  { name: "a misspelt flag", words: ["--shwo-only", "x"] },
  {
    name: "a value that the schema refuses",
    files: { "shop/values.schema.json": '{"properties":{"port":{"type":"string"}},"required":["host"]}' },
  },
];

test.each(mistakes.map((mistake, index) => ({ ...mistake, index })))("$name", async (mistake) => {
  const own = join(folder, String(mistake.index));
  const template = mistake.template === undefined ? {} : { "shop/templates/a.yaml": `kind: A\n${mistake.template}` };
  const needsHelpers = mistake.template?.includes("shop.") ? { "shop/templates/_h.tpl": helpers } : {};
  for (const [name, text] of Object.entries({ ...shop, ...needsHelpers, ...template, ...mistake.files })) {
    mkdirSync(dirname(join(own, name)), { recursive: true });
    writeFileSync(join(own, name), text);
  }
  const words = (mistake.words ?? []).map((word) =>
    word.endsWith(".yaml") && !word.includes("/") ? join(own, word) : word,
  );
  const { code, out, err } = await commandLine(["template", join(own, "shop"), "-f", join(own, "prod.yaml"), ...words]);
  expect({ code, out }).toEqual({ code: 1, out: "" });
  // How deep the stack goes is not ours to say.
  const text = err.replaceAll(own, "FOLDER").replace(/depth \(\d+\)/, "depth (N)");
  await expect(text).toMatchFileSnapshot(`golden/${mistake.name.replaceAll(/[^\w]+/g, "-")}.txt`);
});
