import { SlipwayError } from "../../base/error.ts";
import { shownUrl } from "../remote/shown-url.ts";
import { findVersion } from "./index-file.ts";
import type { IndexVersion } from "./index-version.ts";
import { resolveUrl } from "./resolve-url.ts";

/** One version of a chart and where its archive lies. */
export type FoundChart = { name: string; version: string; urls: URL[]; digest?: string };

export type Wanted = { repository: string; name: string; version: string };

/** Throws CHART_NOT_FOUND where the index has no such version. */
export function findChart(index: Buffer, wanted: Wanted): FoundChart {
  const found = lookUp(index, wanted);
  if (found !== undefined) return found;
  const { repository, name, version } = wanted;
  const what = version === "" ? `chart "${name}"` : `chart "${name}" in version "${version}"`;
  throw new SlipwayError("CHART_NOT_FOUND", `The repository ${repository} has no ${what}`, {
    hint: "Pre-releases are found with --devel, or where --version names one.",
  });
}

export function lookUp(index: Buffer, { repository, name, version }: Wanted): FoundChart | undefined {
  const found = findVersion(index, name, version, shownUrl(new URL(repository)));
  return found === undefined ? undefined : toFound(found, repository);
}

export function toFound({ name, version, urls, digest }: IndexVersion, repository: string): FoundChart {
  return { name, version, urls: urls.map((url) => resolveUrl(repository, url)), ...(digest && { digest }) };
}
