import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeChart } from "./chart-folder.ts";
import { commandLine } from "./command-line.ts";

let folder: string;
let chart: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "template-"));
  chart = writeChart(join(folder, "shop"), {
    "templates/a.yaml":
      'kind: A\nns: {{ .Release.Namespace }}\nname: {{ .Release.Name }}\nhas: {{ .Capabilities.APIVersions.Has "x/v1" }} {{ .Capabilities.APIVersions.Has "y/v1" }}\n',
    "templates/h.yaml": "kind: H\nmetadata: {annotations: {helm.sh/hook: test}}\n",
    "crds/c.yaml": "kind: C\n",
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

const rendered = async (...words: string[]) => (await commandLine(["template", ...words])).out;

describe("the release's name", () => {
  test.each([
    ["the default", [], "release-name"],
    ["generated, which Helm does not do here", ["-g"], "release-name"],
    ["by a template", ["--name-template", '{{ "X" | lower }}-{{ add 1 2 }}'], "x-3"],
    ["by a template that sees the environment", ["--name-template", '{{ env "WHO" }}-x'], "me-x"],
  ])("%s", async (_, words, name) => {
    const { out } = await commandLine(["template", chart, ...words], { WHO: "me" });
    expect(out).toContain(`name: ${name}\n`);
  });

  test.each([["-g"], ["--name-template=x"]])("and %s can't be given together", async (flag) => {
    const { code, err } = await commandLine(["template", "shop", chart, flag]);
    expect(code).toBe(1);
    expect(err).toMatch(/can't be given together/);
  });
});

describe("the namespace", () => {
  const kubeconfig = () => {
    const path = join(folder, "kubeconfig");
    const context = "{name: x, context: {cluster: c, namespace: from-context}}";
    writeFileSync(
      path,
      `current-context: x\ncontexts: [${context}]\nclusters: [{name: c, cluster: {server: "http://x"}}]\n`,
    );
    return path;
  };

  test("is the context's", async () => {
    expect(await rendered(chart, "--kubeconfig", kubeconfig())).toContain("ns: from-context\n");
  });

  test("is the given one", async () => {
    expect(await rendered(chart, "--kubeconfig", kubeconfig(), "-n", "given")).toContain("ns: given\n");
  });

  test("is default where the kubeconfig is no good", async () => {
    expect(await rendered(chart, "--kubeconfig", join(folder, "none"))).toContain("ns: default\n");
  });
});

test("lists are split at commas, patterns are not", async () => {
  expect(await rendered(chart, "-a", "x/v1,y/v1")).toContain("has: true true\n");
  writeFileSync(join(folder, "v1.yaml"), "a: 1\n");
  writeFileSync(join(folder, "v2.yaml"), "a: [\n");
  const { err } = await commandLine(["template", chart, "-f", `${folder}/v1.yaml,${folder}/v2.yaml`]);
  expect(err).toContain("v2.yaml");
  expect((await commandLine(["template", chart, "-s", "templates/a.yaml,templates/h.yaml"])).err).toContain(
    "could not find template templates/a.yaml,templates/h.yaml in chart",
  );
});

test("files are written below the release's name, definitions are not", async () => {
  const out = join(folder, "out");
  const printed = await rendered("web", chart, "--output-dir", out, "--release-name", "--include-crds");
  expect(
    readdirSync(out, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".yaml"))
      .sort(),
  ).toEqual(["shop/crds/c.yaml", "web/shop/templates/a.yaml", "web/shop/templates/h.yaml"]);
  expect(printed).toBe(
    `wrote ${out}/shop/crds/c.yaml\nwrote ${out}/web/shop/templates/a.yaml\nwrote ${out}/web/shop/templates/h.yaml\n\n`,
  );
});

describe("a post-renderer", () => {
  const program = (script: string): string => {
    const path = join(folder, "change.sh");
    writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return path;
  };

  test("of Helm 3 gets the manifest, and what it prints is the manifest", async () => {
    const words = [
      "--helm",
      "3",
      "--post-renderer",
      program('echo "# $1 $2"; sed s/kind/Kind/'),
      "--post-renderer-args",
      "a b",
    ];
    const out = await rendered(chart, ...words, "--post-renderer-args", "c", "--include-crds");
    expect(out).toMatch(
      /^# a b c\n---\n# Source: shop\/crds\/c.yaml\nKind: C\n\n---\n# Source: shop\/templates\/a.yaml\nKind: A\n/,
    );
    expect(out).toContain("\nkind: H\n");
  });

  test("of Helm 4 gets hooks too, and comments and the order of keys stay", async () => {
    writeFileSync(join(chart, "templates/a.yaml"), "# why\nkind: A # who\n\nb: 0123\na: [x, 'y']\nempty:\n");
    const out = await rendered(chart, "--post-renderer", program("sed 's/kind: \\([AH]\\)/kind: My\\1/'"));
    expect(out).toBe(
      "---\n# Source: shop/templates/a.yaml\n# why\nkind: MyA # who\nb: 0123\na: [x, 'y']\nempty:\n---\n# Source: shop/templates/h.yaml\nkind: MyH\nmetadata: {annotations: {helm.sh/hook: test}}\n\n",
    );
  });

  test("may add documents", async () => {
    const out = await rendered(chart, "--no-hooks", "--post-renderer", program("cat; echo ---; echo kind: New"));
    expect(out).toContain("# Source: generated-by-postrender-2.yaml\nkind: New\n");
  });

  test.each([
    ["that is not there", "./none", /there is no such program/],
    ["that fails", "false", /exit code 1/],
  ])("%s is told", async (_, command, message) => {
    const { code, err } = await commandLine(["template", chart, "--post-renderer", command]);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(message) });
  });

  test("shows what the program said", async () => {
    const { err } = await commandLine(["template", chart, "--post-renderer", program("echo no way >&2; exit 3")]);
    expect(err).toMatch(/exit code 3[\s\S]*no way/);
  });
});

describe("against a cluster", () => {
  beforeEach(() => rmSync(join(chart, "crds"), { recursive: true }));

  test("kinds that it does not know are refused", async () => {
    writeFileSync(join(chart, "templates/a.yaml"), "apiVersion: x.io/v1\nkind: Widget\nmetadata: {name: w}\n");
    const { code, err } = await commandLine(["template", chart, "--dry-run=server", "--sandbox"]);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("does not know the kind Widget") });
  });

  test("templates look things up, and see its versions", async () => {
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata:\n  ns: {{ (lookup "v1" "Namespace" "" "default").metadata.name }}\n  v: {{ .Capabilities.APIVersions.Has "v1/ConfigMap" }}\n`;
    writeFileSync(join(chart, "templates/a.yaml"), text);
    expect(await rendered(chart, "--validate", "--sandbox")).toContain("ns: default\n  v: true\n");
    expect((await commandLine(["template", chart])).err).toMatch(/nil pointer/);
  });

  test("--validate and --dry-run exclude each other, but not in Helm 3", async () => {
    expect((await commandLine(["template", chart, "--validate", "--dry-run=client"])).err).toMatch(
      /can't be given together/,
    );
  });
});

test.each([
  ["labels that are Helm's own", ["--labels", "name=x"], /can't be labelled with name/],
  ["labels without value", ["--labels", "a"], /--labels can't be "a"/],
  ["a dry run that is none", ["--dry-run=none"], /--dry-run can't be "none"/],
])("%s are refused", async (_, words, message) => {
  expect((await commandLine(["template", chart, ...words])).err).toMatch(message);
});

test("what is only for installing is accepted", async () => {
  const words = ["--atomic", "--wait", "--wait-for-jobs", "--timeout", "5m", "--create-namespace", "--skip-crds"];
  const more = ["--description", "x", "--take-ownership", "--replace", "--force", "--render-subchart-notes"];
  expect((await commandLine(["template", chart, ...words, ...more])).code).toBe(0);
  expect(existsSync(chart) && readFileSync(join(chart, "Chart.yaml"), "utf8")).toContain("shop");
});

test("getHostByName asks only when it may", async () => {
  writeFileSync(join(chart, "templates/a.yaml"), 'kind: A\nip: {{ getHostByName "localhost" | quote }}\n');
  expect(await rendered(chart)).toContain('ip: ""\n');
  expect(await rendered(chart, "--enable-dns")).toMatch(/ip: "(127\.0\.0\.1|::1)"\n/);
});
