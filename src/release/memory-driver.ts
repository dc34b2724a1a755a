import { SlipwayError } from "../base/error.ts";
import { recordName } from "./name.ts";
import type { ListOptions, Release, ReleaseDriver } from "./types.ts";

/** Keeps revisions in this process only, for dry runs and tests. */
export function memoryDriver(recorded: Release[] = []): ReleaseDriver {
  const records = new Map<string, Release>();
  const keyOf = (name: string, revision: number) => recordName(name, revision);
  for (const release of recorded) records.set(keyOf(release.name, release.revision), structuredClone(release));

  function select(wanted: (release: Release) => boolean): Release[] {
    const found = [...records.values()].filter(wanted).sort((a, b) => a.revision - b.revision);
    return structuredClone(found);
  }

  return {
    async create(release) {
      const key = keyOf(release.name, release.revision);
      if (records.has(key)) {
        throw new SlipwayError("RELEASE_EXISTS", `Revision ${release.revision} of ${release.name} is already recorded`);
      }
      records.set(key, structuredClone(release));
    },

    async update(release) {
      const key = keyOf(release.name, release.revision);
      if (!records.has(key)) {
        throw new SlipwayError("RELEASE_NOT_FOUND", `Revision ${release.revision} of ${release.name} is not recorded`);
      }
      records.set(key, structuredClone(release));
    },

    async history(name) {
      return select((release) => release.name === name);
    },

    async list(options: ListOptions = {}) {
      const { statuses, names } = options;
      const all = select(({ status, name }) => (statuses?.includes(status) ?? true) && (names?.includes(name) ?? true));
      return options.latest ? [...new Map(all.map((release) => [release.name, release])).values()] : all;
    },

    async delete(name, revision) {
      records.delete(keyOf(name, revision));
    },

    async sweep() {},
  };
}
