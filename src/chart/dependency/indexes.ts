import { type Access, trustOf } from "../remote/access.ts";
import { fetchIndex } from "../repository/fetch-index.ts";
import { keptIndex, updateIndex } from "../repository/known-repositories.ts";
import { accessOf, type RepositoryEntry } from "../repository/repositories-file.ts";
import type { Surroundings } from "../surroundings.ts";

export type IndexSource = { url: string; entry: RepositoryEntry | undefined };

/** Each repository's index, fetched once for all that ask for it. */
export type Indexes = { of(source: IndexSource): Promise<Buffer> };

export type IndexOptions = { skipRefresh: boolean; access: Access };

/** With `skipRefresh` the index that Helm has kept will do, where it has one. */
export function openIndexes(around: Surroundings, { skipRefresh, access }: IndexOptions): Indexes {
  const asked = new Map<string, Promise<Buffer>>();
  const ask = async ({ url, entry }: IndexSource): Promise<Buffer> => {
    const { cache, network } = around;
    if (entry === undefined) return await fetchIndex({ repository: { url, access: trustOf(access) }, cache, network });
    const kept = skipRefresh ? keptIndex(entry, around) : undefined;
    return kept ?? (await updateIndex(entry, { url, access: accessOf(entry, {}) }, around));
  };
  return {
    of(source) {
      const key = source.url.replace(/\/+$/, "");
      const index = asked.get(key) ?? ask(source);
      asked.set(key, index);
      return index;
    },
  };
}
