import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

/** Keeps compiled code in the user's own cache folder (Node 22 and later), never in one that others can write to. */
export function useCompileCache(env: Readonly<Record<string, string | undefined>>): void {
  const home = env["XDG_CACHE_HOME"] || (env["HOME"] ? join(homedir(), ".cache") : undefined);
  if (home && "enableCompileCache" in module) module.enableCompileCache(join(home, "slipway", "compiled"));
}
