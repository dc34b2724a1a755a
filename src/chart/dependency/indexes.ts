import { type Access, trustOf } from "../remote/access.ts";
import { fetchIndex, lastIndex } from "../repository/fetch-index.ts";
import { keptIndex, updateIndex } from "../repository/known-repositories.ts";
import { accessOf, type RepositoryEntry } from "../repository/repositories-file.ts";
import type { Surroundings } from "../surroundings.ts";

export type IndexSource = { url: string; entry: RepositoryEntry | undefined };

export type Indexes = {
  /** Each repository's index, fetched once for all that ask for it. */
  of(source: IndexSource): Promise<Buffer>;
  /** The index as it was kept, by Helm or by an earlier run. */
  last(source: IndexSource): Buffer | undefined;
};

export type IndexOptions = { skipRefresh: boolean; access: Access };

/** With `skipRefresh` the index that Helm has kept will do, where it has one. */
export function openIndexes(around: Surroundings, { skipRefresh, access }: IndexOptions): Indexes {
  const asked = new Map<string, Promise<Buffer>>();
  const { cache, network } = around;
  const repositoryOf = ({ url, entry }: IndexSource) => ({ url, access: entryAccess(entry, access) });
  const ask = async (source: IndexSource): Promise<Buffer> => {
    const { entry } = source;
    const repository = repositoryOf(source);
    if (entry === undefined) return await fetchIndex({ repository, cache, network });
    const kept = skipRefresh ? keptIndex(entry, around) : undefined;
    return kept ?? (await updateIndex(entry, repository, around));
  };
  return {
    last(source) {
      const kept = source.entry === undefined ? undefined : keptIndex(source.entry, around);
      return kept ?? lastIndex(repositoryOf(source), cache);
    },
    of(source) {
      const key = source.url.replace(/\/+$/, "");
      const index = asked.get(key) ?? ask(source);
      asked.set(key, index);
      return index;
    },
  };
}

/**
 * Who asks a dependency's repository. What the command line says of somebody is not meant for whoever a chart names, unless
 * credentials are to be passed on.
 */
export function entryAccess(entry: RepositoryEntry | undefined, given: Access): Access {
  if (entry === undefined) return given.passCredentials ? given : trustOf(given);
  return given.passCredentials && entry.username === "" ? accessOf(entry, given) : accessOf(entry, {});
}
