import { homedir } from "node:os";
import { join } from "node:path";

export type Env = Readonly<Record<string, string | undefined>>;

/** Where Helm keeps what it knows of repositories and registries, and where Slipway keeps charts. */
export type ChartHome = {
  repositoryConfig: string;
  repositoryCache: string;
  registryConfig: string;
  /** Slipway's own; a workflow can keep it between runs. */
  chartCache: string;
};

/** Helm's own variables win, then the XDG ones, then what is usual on the platform. */
export function chartHome(env: Env, platform: NodeJS.Platform = process.platform): ChartHome {
  const home = env["HOME"] || homedir();
  const config = env["HELM_CONFIG_HOME"] || join(baseOf("XDG_CONFIG_HOME", env, home, platform), "helm");
  const cache = env["HELM_CACHE_HOME"] || join(baseOf("XDG_CACHE_HOME", env, home, platform), "helm");
  return {
    repositoryConfig: env["HELM_REPOSITORY_CONFIG"] || join(config, "repositories.yaml"),
    repositoryCache: env["HELM_REPOSITORY_CACHE"] || join(cache, "repository"),
    registryConfig: env["HELM_REGISTRY_CONFIG"] || join(config, "registry", "config.json"),
    chartCache: join(env["XDG_CACHE_HOME"] || join(home, ".cache"), "slipway", "charts"),
  };
}

type Base = "XDG_CONFIG_HOME" | "XDG_CACHE_HOME";

function baseOf(name: Base, env: Env, home: string, platform: NodeJS.Platform): string {
  const own = env[name];
  if (own) return own;
  if (platform === "darwin") return join(home, "Library", name === "XDG_CONFIG_HOME" ? "Preferences" : "Caches");
  if (platform === "win32") return (name === "XDG_CONFIG_HOME" ? env["APPDATA"] : env["TEMP"]) || home;
  return join(home, name === "XDG_CONFIG_HOME" ? ".config" : ".cache");
}
