/**
 * Writes docs/functions.md: every function that the real Helm knows, and whether ours is the same. The names come from
 * the Go sources in the module cache, and count where Helm itself parses a template that uses them.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderTemplates } from "../src/render/engine.ts";
import { builtins } from "../src/template/builtins.ts";
import { helmBinaries } from "./helm-binaries.ts";

type Major = "3" | "4";

// Random or tied to the clock: the results differ from run to run in Helm too; all else about them is the same.
const changing = new Map(
  Object.entries({
    "from the system's source of randomness":
      "bcrypt encryptAES genCA genCAWithKey genPrivateKey genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey htpasswd randAlpha randAlphaNum randAscii randBytes randInt randNumeric shuffle uuidv4",
    "from the clock": "ago now",
    "Go's order is random, ours the map's own": "keys values",
    "the empty text; Helm asks the network only with `--enable-dns`": "getHostByName",
  }).flatMap(([note, names]) => names.split(" ").map((name) => [name, note] as const)),
);

function go(...args: string[]): string {
  return execFileSync("go", args, { encoding: "utf8" }).trim();
}

/** Keys of the function maps, and whatever else is quoted before a colon there: Helm sorts those out. */
function candidates(): string[] {
  const modules = go("env", "GOMODCACHE");
  const sprig = join(modules, "github.com/!masterminds/sprig");
  const helm = join(modules, "helm.sh/helm");
  const files = [
    ...readdirSync(sprig).map((version) => join(sprig, version, "functions.go")),
    ...readdirSync(helm).flatMap((version) =>
      ["funcs.go", "engine.go"].map((file) => join(helm, version, "pkg/engine", file)),
    ),
    join(go("env", "GOROOT"), "src/text/template/funcs.go"),
  ];
  const names = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/"([A-Za-z_][A-Za-z0-9_]*)"(?:\s*:|\])/g)].map(([, name = ""]) => name),
  );
  return [...new Set([...names, ...builtins.keys()])].sort();
}

/** The names that the real Helm knows: it stops at the first that it doesn't. */
function knownToHelm(major: Major, names: string[]): Set<string> {
  const chart = mkdtempSync(join(tmpdir(), "function-table-"));
  let left = names;
  try {
    mkdirSync(join(chart, "templates"));
    writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: names\nversion: 0.1.0\n");
    for (;;) {
      writeFileSync(
        join(chart, "templates/names.yaml"),
        left.map((name) => `{{ if false }}{{ ${name} }}{{ end }}`).join("\n"),
      );
      const unknown = firstUnknown(major, chart);
      if (unknown === undefined) return new Set(left);
      left = left.filter((name) => name !== unknown);
    }
  } finally {
    rmSync(chart, { recursive: true });
  }
}

function firstUnknown(major: Major, chart: string): string | undefined {
  try {
    execFileSync(helmBinaries[major], ["template", "t", chart], { stdio: "pipe" });
    return undefined;
  } catch (cause) {
    const unknown = /function "([^"]+)" not defined/.exec(
      String(cause instanceof Error && "stderr" in cause ? cause.stderr : cause),
    );
    if (!unknown) throw cause;
    return unknown[1];
  }
}

function knownToUs(major: Major, name: string): boolean {
  const scope = new Map();
  const text = `{{ if false }}{{ ${name} }}{{ end }}`;
  try {
    const path = "names/templates/a.yaml";
    renderTemplates([{ name: path, source: { name: path, text }, basePath: "names/templates", scope }], {
      helm: major,
    });
    return true;
  } catch {
    return false;
  }
}

function verdict(name: string, inHelm: boolean, inOurs: boolean): string {
  if (!inHelm) return inOurs ? "ours only" : "absent in both";
  if (!inOurs) return "**missing**";
  const note = changing.get(name);
  return note === undefined ? "same" : `same, ${note}`;
}

const names = candidates();
const helm = { "3": knownToHelm("3", names), "4": knownToHelm("4", names) };
const listed = names.filter(
  (name) => helm["3"].has(name) || helm["4"].has(name) || ["env", "expandenv"].includes(name),
);
const lines = listed.map((name) => {
  const [four, three] = (["4", "3"] as const).map((major) =>
    verdict(name, helm[major].has(name), knownToUs(major, name)),
  );
  return `| \`${name}\` | ${four} | ${three} |`;
});
const page = `# Template functions

Every function that Helm has, and how ours compares with it: with Helm 4, and with Helm 3 under \`--helm 3\`.
«Same» means the same results, the same types and the same errors, which tables of templates hold against the real Helm.
\`env\` and \`expandenv\` are absent in Helm too: a template can't see the environment.
\`scripts/function-table.ts\` makes this page.

| function | Helm 4 | Helm 3 |
|---|---|---|
${lines.join("\n")}
`;
writeFileSync(new URL("../docs/functions.md", import.meta.url), page);
console.log(`${listed.length} functions, ${lines.filter((line) => line.includes("missing")).length} missing`);
