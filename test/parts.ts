import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The real parts that the end-to-end suite runs against, and the variable of test/cluster/versions.env that pins each. */
const versionOf = {
  helm3: "HELM3",
  helm4: "HELM4",
  localcluster: "KUBERNETES",
  kwok: "KWOK",
  act: "ACT",
  registry: "REGISTRY",
} as const;
export type Part = keyof typeof versionOf;

/** Where test/cluster/build.sh keeps the part. */
export function partPath(part: Part): string {
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  return join(cache, "slipway", "parts", `${part}@${versions()[versionOf[part]]}`);
}

/** The path of a part that is in the cache. */
export function part(name: Part): string | undefined {
  const path = partPath(name);
  return existsSync(path) ? path : undefined;
}

export function missingParts(): Part[] {
  return (Object.keys(versionOf) as Part[]).filter((name) => part(name) === undefined);
}

function versions(): Record<string, string> {
  const text = readFileSync(new URL("./cluster/versions.env", import.meta.url), "utf8");
  return Object.fromEntries([...text.matchAll(/^(\w+)=(\S+)$/gm)].map(([, name, value]) => [name, value]));
}
