import type { ContentCache } from "../content-cache.ts";
import { isExactVersion } from "../pick-version.ts";
import { type FoundChart, lookUp, type Wanted } from "./find-chart.ts";

/**
 * An exact version that an index which was kept lists and whose archive is in the cache: it needs no request, since what a
 * version is does not change.
 */
export function keptChart(index: Buffer | undefined, wanted: Wanted, cache: ContentCache): FoundChart | undefined {
  if (index === undefined || !isExactVersion(wanted.version)) return undefined;
  const found = lookUp(index, wanted);
  const isHere = found?.digest !== undefined && cache.get(found.digest) !== undefined;
  return isHere ? found : undefined;
}
