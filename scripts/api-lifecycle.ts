// Writes src/lint/api-lifecycle.generated.json: when Kubernetes deprecated and removed each of its APIs, and what to use.
// Run: node scripts/api-lifecycle.ts FOLDER-OF-k8s.io/api
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type Lifecycle = { deprecated: string; removed?: string; replacement?: string };

const [root = ""] = process.argv.slice(2);
const table: Record<string, Record<string, Lifecycle>> = {};
for (const folder of readdirSync(root, { recursive: true, encoding: "utf8" }).sort()) {
  const file = join(root, folder, "zz_generated.prerelease-lifecycle.go");
  if (!existsSync(file)) continue;
  const group = /GroupName = "(.*)"/.exec(readFileSync(join(root, folder, "register.go"), "utf8"))?.[1] ?? "";
  const version = folder.split("/").at(-1) ?? "";
  // Some kinds of a group that is not deprecated as a whole are written by hand.
  const byHand = join(root, folder, "lifecycle.go");
  const kinds = readFile(readFileSync(file, "utf8") + (existsSync(byHand) ? readFileSync(byHand, "utf8") : ""));
  if (Object.keys(kinds).length > 0) table[group === "" ? version : `${group}/${version}`] = kinds;
}
writeFileSync("src/lint/api-lifecycle.generated.json", `${JSON.stringify(table, undefined, 1)}\n`);

function readFile(text: string): Record<string, Lifecycle> {
  const numbers = (name: string) =>
    new Map(
      [
        ...text.matchAll(new RegExp(`func \\(in \\*(\\w+)\\) APILifecycle${name}\\(\\).*?return (\\d+), (\\d+)`, "gs")),
      ].map(([, kind = "", major, minor]) => [kind, `${major}.${minor}`]),
    );
  const removed = numbers("Removed");
  const replacements = new Map(
    [
      ...text.matchAll(
        /func \(in \*(\w+)\) APILifecycleReplacement\(\).*?Group: "(.*?)", Version: "(.*?)", Kind: "(.*?)"/gs,
      ),
    ].map(([, kind = "", group, version, other]) => [kind, `${group === "" ? "" : `${group}/`}${version} ${other}`]),
  );
  const kinds: Record<string, Lifecycle> = {};
  for (const [kind, deprecated] of numbers("Deprecated")) {
    if (deprecated === "0.0" || kind.endsWith("List")) continue;
    const gone = removed.get(kind);
    const replacement = replacements.get(kind);
    kinds[kind] = { deprecated, ...(gone && gone !== "0.0" && { removed: gone }), ...(replacement && { replacement }) };
  }
  return kinds;
}
