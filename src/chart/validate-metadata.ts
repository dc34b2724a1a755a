import { isVersion } from "./is-compatible.ts";
import type { ChartMetadata, Dependency } from "./types.ts";

/** Cleans texts of what can't be printed, in place, and says what Helm would refuse the chart for. */
export function validateMetadata(metadata: ChartMetadata): string | undefined {
  cleanMetadata(metadata);
  if (metadata.apiVersion === "") return "chart.metadata.apiVersion is required";
  return problemOfName(metadata.name) ?? problemOfVersion(metadata) ?? problemOfLists(metadata);
}

function problemOfName(name: string): string | undefined {
  if (name === "") return "chart.metadata.name is required";
  if (name === "." || name === "..") return `chart.metadata.name ${JSON.stringify(name)} is not allowed`;
  if (name.includes("/")) return `chart.metadata.name ${JSON.stringify(name)} is invalid`;
  return undefined;
}

function problemOfVersion({ version, type }: ChartMetadata): string | undefined {
  if (version === "") return "chart.metadata.version is required";
  if (!isVersion(version)) return `chart.metadata.version ${JSON.stringify(version)} is invalid`;
  if (!["", "application", "library"].includes(type ?? "")) return "chart.metadata.type must be application or library";
  return undefined;
}

function problemOfLists(metadata: ChartMetadata): string | undefined {
  // An item that is null in the file stays null, whatever its type says.
  const maintainers: readonly unknown[] = metadata.maintainers ?? [];
  if (maintainers.includes(null)) return "maintainers must not contain empty or null nodes";
  const names = new Set<string>();
  for (const dependency of metadata.dependencies ?? []) {
    const problem = problemOfDependency(dependency);
    if (problem !== undefined) return problem;
    const key = dependency.alias || dependency.name;
    if (names.has(key)) return `more than one dependency with name or alias ${JSON.stringify(key)}`;
    names.add(key);
  }
  return undefined;
}

function problemOfDependency(dependency: Dependency | null): string | undefined {
  if (dependency === null) return "dependencies must not contain empty or null nodes";
  cleanTexts(dependency, ["name", "version", "repository", "condition"]);
  if (dependency.tags !== undefined) dependency.tags = dependency.tags.map(cleanText);
  const { alias, name } = dependency;
  if (alias && !/^[a-zA-Z0-9_-]+$/.test(alias)) {
    return `dependency ${JSON.stringify(name)} has disallowed characters in the alias`;
  }
  return undefined;
}

function cleanMetadata(metadata: ChartMetadata): void {
  cleanTexts(metadata, ["name", "description", "home", "icon", "condition", "tags", "appVersion", "kubeVersion"]);
  if (metadata.sources !== undefined) metadata.sources = metadata.sources.map(cleanText);
  if (metadata.keywords !== undefined) metadata.keywords = metadata.keywords.map(cleanText);
  const maintainers: readonly (object | null)[] = metadata.maintainers ?? [];
  for (const maintainer of maintainers) if (maintainer !== null) cleanTexts(maintainer, ["name", "email", "url"]);
}

function cleanTexts<T extends object>(target: T, names: readonly string[]): void {
  const fields = target as Record<string, unknown>;
  for (const name of names) {
    const value = fields[name];
    if (typeof value === "string") fields[name] = cleanText(value);
  }
}

// The last of the expressions takes milliseconds to compile. What the one before it takes has nothing that it would take away.
function cleanText(value: string): string {
  const spaced = value.replace(/[\s\u0085]/g, " ");
  return /^[ -~\u00a1-\u00ac\u00ae-\u0377]*$/.test(spaced)
    ? spaced
    : spaced.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, "");
}
