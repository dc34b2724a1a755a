import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "../../base/error.ts";
import type { Access } from "../remote/access.ts";
import { createFetcher } from "../remote/fetcher.ts";
import { fileNameOf, type RemoteChart, type Surroundings } from "../surroundings.ts";
import { writeFileWhole } from "../write-file.ts";
import { downloadFile } from "./download-chart.ts";
import { fetchIndex, type Repository } from "./fetch-index.ts";
import { findChart, lookUp } from "./find-chart.ts";
import { fetchFound } from "./from-url.ts";
import { accessOf, findEntry, type RepositoryEntry, readRepositories } from "./repositories-file.ts";
import { webUrl } from "./resolve-url.ts";

type Wanted = { version: string; access: Access };

/** `REPOSITORY/CHART`, by Helm's list of repositories and the index that it keeps of each. */
export async function fromKnown(
  reference: string,
  { version, access }: Wanted,
  around: Surroundings,
): Promise<RemoteChart> {
  const { home } = around;
  const slash = reference.indexOf("/");
  const name = reference.slice(slash + 1);
  const owner = reference.slice(0, slash);
  const absent = `There is no chart at "${reference}": it is neither a folder nor a file here, and no repository is called "${owner}"`;
  const entry = findEntry(readRepositories(home.repositoryConfig), owner, home.repositoryConfig, absent);
  const repository = { url: entry.url, access: accessOf(entry, access) };
  const place = { repository: entry.url, name, version };
  const kept = keptIndex(entry, around);
  // What Helm kept may be older than the version that is asked for.
  const found = kept === undefined ? undefined : lookUp(kept, place);
  const present = found ?? findChart(await updateIndex(entry, repository, around), place);
  return await fetchFound(present, repository, around);
}

/** A chart by its own address; a known repository that it lies in lends its credentials. */
export async function fromAddress(address: string, access: Access, around: Surroundings): Promise<RemoteChart> {
  const { home, network, cache } = around;
  const url = webUrl(address);
  const owner = readRepositories(home.repositoryConfig).repositories.find((entry) => isWithin(url, entry.url));
  const repository: Repository = {
    url: owner?.url ?? address,
    access: owner === undefined ? access : accessOf(owner, access),
  };
  const fetcher = createFetcher(repository.access, network);
  const bytes = await downloadFile(url, repository, { fetcher, what: "the chart" });
  cache.put(bytes);
  const provenance = new URL(url);
  provenance.pathname += ".prov";
  return {
    kind: "remote",
    bytes,
    fileName: fileNameOf(url),
    origin: fileNameOf(url),
    provenance: () => downloadFile(provenance, repository, { fetcher, what: "the chart's provenance file" }),
  };
}

/** Fetches a known repository's index to where Helm looks for it. */
export async function updateIndex(
  entry: RepositoryEntry,
  repository: Repository,
  { home, cache, network }: Pick<Surroundings, "home" | "cache" | "network">,
): Promise<Buffer> {
  const index = await fetchIndex({ repository, cache, network });
  writeFileWhole(indexPath(entry.name, home.repositoryCache), index);
  return index;
}

/** Throws where the name could lead out of the cache's folder. */
export function indexPath(name: string, folder: string): string {
  return join(folder, `${safeName(name)}-index.yaml`);
}

export function safeName(name: string): string {
  if (name !== "" && !/[/\\\0]/.test(name) && name !== "." && name !== "..") return name;
  throw new SlipwayError("INPUT_INVALID", `"${name}" can't be the name of a repository`, {
    hint: "Choose a name without slashes.",
  });
}

export function keptIndex(entry: RepositoryEntry, { home }: Pick<Surroundings, "home">): Buffer | undefined {
  try {
    return readFileSync(indexPath(entry.name, home.repositoryCache));
  } catch (error) {
    if (error instanceof SlipwayError) throw error;
    return undefined;
  }
}

function isWithin(url: URL, repository: string): boolean {
  if (!URL.canParse(repository)) return false;
  const base = new URL(repository);
  return url.origin === base.origin && url.pathname.startsWith(`${base.pathname.replace(/\/+$/, "")}/`);
}
