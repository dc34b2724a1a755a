import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadChart } from "../../src/chart/load-chart.ts";
import type { RenderLimits } from "../../src/render/engine.ts";
import { renderChart } from "../../src/render/render-chart.ts";
import { writeChart } from "../cli/chart-folder.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "limits-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function notesOf(text: string, limits: RenderLimits = {}): Promise<string> {
  const chart = await loadChart(
    writeChart(join(folder, "c"), { "templates/NOTES.txt": text, "values.yaml": 't: "{{ tpl .Values.t . }}"\n' }),
  );
  const release = { name: "r", namespace: "n", revision: 1, isUpgrade: false };
  return (await renderChart({ chart, config: new Map(), release, limits })).notes;
}

const doubling = [..."abcdefghijklmnopqrstuvwxy"].map((name, index) => {
  const next = "bcdefghijklmnopqrstuvwxyz"[index];
  return `{{ define "${name}" }}{{ include "${next}" . }}{{ include "${next}" . }}{{ end }}`;
});

/** Less than a chart has by default, so that the tests end as soon on a slow machine. */
const few: RenderLimits = { steps: 300_000, outputBytes: 4 * 1024 * 1024, timeMs: 500 };

test.each([
  ["a list that is too long", "{{ range until 2000000000 }}x{{ end }}"],
  ["another", "{{ seq 1 2000000000 }}"],
  ["a range without end", "{{ range 99999999999999 }}{{ end }}"],
  ["ranges in each other", "{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}"],
  ["output without end", "{{ range until 1000000 }}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{{ end }}"],
  ["includes that double", `${doubling.join("")}{{ define "z" }}zzzz{{ end }}{{ include "a" . }}`],
  ["texts that double", '{{ $x := "aaaa" }}{{ range until 60 }}{{ $x = printf "%s%s" $x $x }}{{ end }}'],
  ["lists that double", "{{ $l := list 1 2 }}{{ range until 60 }}{{ $l = concat $l $l }}{{ end }}"],
  ["a text that is too long", '{{ repeat 2000000000 "x" }}'],
  ["one of long parts", '{{ repeat 100000 (repeat 100000 "x") }}'],
  ["an indentation that is too wide", '{{ indent 2000000000 "x" }}'],
  ["replacements that grow", '{{ replace "a" (repeat 100000 "b") (repeat 100000 "a") }}'],
  ["regular ones", '{{ regexReplaceAll "a" (repeat 100000 "a") (repeat 100000 "b") }}'],
  ["random bytes", "{{ randBytes 2000000000 }}"],
  ["random letters", "{{ randAlphaNum 2000000000 }}"],
  ["many passwords", '{{ range until 100000 }}{{ $_ := bcrypt "x" }}{{ end }}'],
  ["many keys", '{{ range until 100000 }}{{ $_ := genPrivateKey "ecdsa" }}{{ end }}'],
])(
  "%s ends with a clear error",
  async (_, text) => {
    const failure = notesOf(text, few);
    await expect(failure).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
      where: expect.stringMatching(/^c\/templates\/NOTES\.txt:\d+:\d+$/),
      hint: expect.stringContaining("far too large"),
    });
  },
  10_000,
);

test.each([
  ["an include of itself", '{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}'],
  ["a template of itself", '{{ define "x" }}{{ template "x" . }}{{ end }}{{ template "x" . }}'],
  ["tpl of itself", "{{ tpl .Values.t . }}"],
])("%s ends with the place", async (_, text) => {
  await expect(notesOf(text)).rejects.toMatchObject({
    code: "TEMPLATE_EXEC",
    message: expect.stringMatching(/maximum template depth|nested reference name/),
  });
});

test.each([
  ["a pattern that others need for ever", '{{ regexMatch "(a+)+$" (printf "%s!" (repeat 50000 "a")) }}', "false"],
  ["a pattern of too many repetitions", '{{ regexMatch "((a{0,1000}){0,1000}){0,1000}" "x" }}', "false"],
  ["a width beyond Go's", '{{ printf "%999999999d" 1 }}', "%!(NOVERB)%!(EXTRA int=1)"],
  ["a dict in itself", '{{ $d := dict }}{{ $_ := set $d "a" $d }}{{ toYaml $d }}{{ toJson $d }}', ""],
  ["a bomb of aliases", `{{ hasKey (fromYaml "${bomb()}") "Error" }}`, "true"],
])("%s is harmless", async (_, text, notes) => {
  expect(await notesOf(text)).toBe(notes);
});

function bomb(): string {
  const lines = [..."bcdefghi"].map(
    (name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[index]}`).join(",")}]`,
  );
  return ["a: &a [x,x,x,x,x,x,x,x,x]", ...lines].join("\\n");
}

describe("a template sees nothing but its chart", () => {
  test.each([
    ["files above it", '[{{ .Files.Get "../secret.txt" }}]'],
    ["files anywhere", '[{{ .Files.Get "/etc/hostname" }}]'],
    ["its own templates as files", '[{{ .Files.Get "templates/NOTES.txt" }}]'],
    ["files by a pattern", '[{{ range $path, $_ := .Files.Glob "../**" }}{{ $path }}{{ end }}]'],
    ["the network", '[{{ getHostByName "localhost" }}]'],
    ["a cluster", '[{{ with lookup "v1" "Secret" "" "" }}x{{ end }}]'],
  ])("not %s", async (_, text) => {
    writeFileSync(join(folder, "secret.txt"), "secret");
    expect(await notesOf(text)).toBe("[]");
  });

  test.each(["env", "expandenv"])("not the environment, by %s", async (name) => {
    await expect(notesOf(`{{ ${name} "HOME" }}`)).rejects.toThrow(`function "${name}" not defined`);
  });

  test("not what lies beyond the chart's repository, by a link", async () => {
    writeChart(join(folder, "c"), {});
    symlinkSync("/etc/hostname", join(folder, "c", "link.txt"));
    await expect(notesOf('[{{ .Files.Get "link.txt" }}]')).rejects.toMatchObject({
      code: "CHART_INVALID",
      message: expect.stringContaining('the link "link.txt" leads out of it'),
    });
  });
});
