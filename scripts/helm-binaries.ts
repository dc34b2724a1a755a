import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const versions = readFileSync(join(import.meta.dirname, "../test/cluster/versions.env"), "utf8");
const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "slipway/parts");

/** The real Helms that `npm run cluster:build` made. */
export const helmBinaries = { "3": binary("3"), "4": binary("4") } as const;

export function hasHelm(): boolean {
  return existsSync(helmBinaries["3"]) && existsSync(helmBinaries["4"]);
}

function binary(major: "3" | "4"): string {
  const version = new RegExp(`^HELM${major}=(.+)$`, "m").exec(versions)?.[1] ?? "";
  return join(cache, `helm${major}@${version}`);
}
