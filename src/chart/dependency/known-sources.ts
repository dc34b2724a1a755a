import { statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { SlipwayError } from "../../base/error.ts";
import { isOci } from "../registry/reference.ts";
import { type RepositoryEntry, readRepositories } from "../repository/repositories-file.ts";
import { isSameRepository } from "../repository/resolve-url.ts";
import type { Dependency } from "../types.ts";

/** Where a dependency comes from. */
export type DependencySource =
  | { kind: "vendored" }
  | { kind: "folder"; path: string }
  | { kind: "registry"; url: string }
  | { kind: "repository"; url: string; entry: RepositoryEntry | undefined };

export type SourcedDependency = { dependency: Dependency; source: DependencySource };

/** Each dependency with its source. `@name` and `alias:name` become the address of that repository, in place, as in Helm. */
export function sourceDependencies(
  dependencies: readonly Dependency[],
  chartFolder: string,
  repositoryConfig: string,
): SourcedDependency[] {
  const known = readRepositories(repositoryConfig).repositories;
  const unknown: string[] = [];
  const sourced = dependencies.map((dependency) => {
    const source = sourceOf(dependency, chartFolder, known);
    if (source === undefined) unknown.push(dependency.repository ?? "");
    return { dependency, source: source ?? { kind: "vendored" as const } };
  });
  if (unknown.length === 0) return sourced;
  throw new SlipwayError("CHART_NOT_FOUND", `There is no repository ${unknown.map((name) => `"${name}"`).join(", ")}`, {
    where: join(chartFolder, "Chart.yaml"),
    hint: "A dependency's repository is an address, @NAME for one that `slipway repo add NAME URL` has added, or file://PATH.",
  });
}

function sourceOf(
  dependency: Dependency,
  chartFolder: string,
  known: readonly RepositoryEntry[],
): DependencySource | undefined {
  const repository = dependency.repository ?? "";
  if (repository === "") return { kind: "vendored" };
  if (repository.startsWith("file://")) return { kind: "folder", path: localPath(repository, chartFolder) };
  if (isOci(repository)) return { kind: "registry", url: repository };
  const name = /^(?:@|alias:)(.*)$/.exec(repository)?.[1];
  const entry = known.find((candidate) =>
    name === undefined ? isSameRepository(candidate.url, repository) : candidate.name === name,
  );
  if (name !== undefined && entry !== undefined) dependency.repository = entry.url;
  if (entry !== undefined) return { kind: "repository", url: entry.url, entry };
  return /^https?:\/\//.test(repository) ? { kind: "repository", url: repository, entry: undefined } : undefined;
}

function localPath(repository: string, chartFolder: string): string {
  const text = repository.slice("file://".length);
  const path = isAbsolute(text) ? resolve(text) : join(chartFolder, text);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new SlipwayError("CHART_NOT_FOUND", `There is no folder "${path}" for the dependency "${repository}"`, {
    where: join(chartFolder, "Chart.yaml"),
  });
}
