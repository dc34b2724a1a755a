import { SlipwayError } from "../../base/error.ts";
import { chartLimits } from "../budget.ts";
import { type ContentCache, checkDigest } from "../content-cache.ts";
import { checkStatus } from "../remote/check-status.ts";
import type { Fetcher } from "../remote/fetcher.ts";
import { type Repository, repositoryHeaders } from "./fetch-index.ts";
import type { FoundChart } from "./find-chart.ts";

/** The packed chart: from the cache where its digest is known and there, else from the first address that has it. */
export async function downloadChart(
  found: FoundChart,
  repository: Repository,
  { cache, fetcher }: { cache: ContentCache; fetcher: Fetcher },
): Promise<Buffer> {
  const { name, version, digest, urls } = found;
  const kept = digest === undefined ? undefined : cache.get(digest);
  if (kept !== undefined) return kept;
  const what = `chart "${name}" ${version}`;
  const bytes = await firstOf(urls, (url) => downloadFile(url, repository, { fetcher, what }));
  if (digest !== undefined) checkDigest(bytes, digest, what);
  cache.put(bytes);
  return bytes;
}

export async function downloadFile(
  url: URL,
  repository: Repository,
  { fetcher, what }: { fetcher: Fetcher; what: string },
): Promise<Buffer> {
  const headers = { accept: "application/gzip,application/octet-stream", ...repositoryHeaders(repository, url) };
  const answer = await fetcher({ url: withoutUser(url), headers, limitBytes: chartLimits.bytes });
  checkStatus(answer, `fetch ${what}`);
  return answer.body;
}

async function firstOf(urls: readonly URL[], fetch: (url: URL) => Promise<Buffer>): Promise<Buffer> {
  let first: unknown;
  for (const url of urls) {
    try {
      return await fetch(url);
    } catch (error) {
      if (!(error instanceof SlipwayError) || error.code === "CANCELLED") throw error;
      first ??= error;
    }
  }
  throw first;
}

function withoutUser(url: URL): URL {
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  return bare;
}
