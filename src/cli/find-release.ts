import { SlipwayError } from "../base/error.ts";
import { ensureHistory } from "../deploy/open-release.ts";
import type { Session } from "../deploy/options.ts";
import { readable } from "../release/history.ts";
import type { Release } from "../release/types.ts";

type Wanted = { name: string; namespace: string; revision: number | undefined };

/** The named revision of a release, the newest where none is named. */
export async function findRelease(session: Session, { name, namespace, revision }: Wanted): Promise<Release> {
  const all = await session.driver.history(name);
  const history = readable(all);
  ensureHistory(all, name, namespace);
  const found = revision ? history.find((release) => release.revision === revision) : history.at(-1);
  if (found) return found;
  throw new SlipwayError("RELEASE_NOT_FOUND", `${name} has no revision ${revision}`, {
    hint: `Its revisions are ${history.map((release) => release.revision).join(", ")}.`,
  });
}
