import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

/** What each folder of src/ may import; `types` stands for a folder of which only types are taken. ARCHITECTURE.md explains it. */
const layers: Record<string, { modules: string[]; types?: string[] }> = {
  base: { modules: [] },
  template: { modules: ["base"] },
  kube: { modules: ["base"] },
  chart: { modules: ["base"] },
  values: { modules: ["base", "chart"] },
  render: { modules: ["base", "template", "chart", "values"], types: ["kube"] },
  lint: { modules: ["base", "chart", "values", "render"] },
  plan: { modules: ["base", "kube/patch", "kube/ref", "lint/object-rules"], types: ["kube"] },
  rollout: { modules: ["base", "kube"] },
  apply: { modules: ["base", "kube", "plan", "rollout"], types: ["render", "release"] },
  release: { modules: ["base", "kube"], types: ["chart", "render"] },
  deploy: { modules: ["base", "kube", "chart", "values", "render", "plan", "rollout", "apply", "release"] },
  report: {
    modules: ["base", "kube/ref", "plan"],
    types: ["deploy", "kube", "plan", "rollout", "apply", "release", "render"],
  },
  github: { modules: ["base", "chart/remote"] },
  sandbox: { modules: ["base", "kube"] },
  action: {
    modules: [
      ...["base", "kube", "deploy", "report", "github", "sandbox", "cli", "values"],
      ...["chart/content-cache", "chart/home"],
    ],
  },
  cli: {
    modules: ["base", "kube", "deploy", "report", "github", "sandbox", "release", "render", "chart", "values", "lint"],
    types: ["plan"],
  },
};

type Import = { from: string; to: string; isType: boolean };

function importsOf(file: string): Import[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from "(\.[^"]+)";|import\((?:\s*)"(\.[^"]+)"\)/gm);
  return [...found].map(([, type, path, lazy]) => ({
    from: file,
    to: normalize(join(dirname(file), path ?? lazy ?? "")),
    isType: type !== undefined,
  }));
}

function isAllowed({ from, to, isType }: Import): boolean {
  const [, layer = ""] = from.split("/");
  const target = to.replace(/^src\//, "").replace(/\.ts$/, "");
  const rule = layers[layer];
  const lies = (places: string[]) => places.some((place) => target === place || target.startsWith(`${place}/`));
  if (rule === undefined) return from.split("/").length === 2;
  return lies([layer, ...rule.modules]) || (isType && lies(rule.types ?? []));
}

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => join("src", name));

test("every folder of src has its place in the table", () => {
  const folders = readdirSync("src", { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map((entry) => entry.name).sort()).toEqual(Object.keys(layers).sort());
});

test("a layer imports only what the table allows", () => {
  const imports = files.flatMap(importsOf);
  expect(imports.length).toBeGreaterThan(100);
  expect(imports.filter((found) => !isAllowed(found)).map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
});

test("no folder is called after nothing in particular", () => {
  expect(files.filter((file) => /\/(utils?|helpers?|common|misc)(\/|\.ts)/.test(file))).toEqual([]);
});
