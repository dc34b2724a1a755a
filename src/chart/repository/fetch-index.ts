import type { ContentCache } from "../content-cache.ts";
import { type Access, authorizationOf } from "../remote/access.ts";
import { checkStatus } from "../remote/check-status.ts";
import { createFetcher, type Fetcher, type Network } from "../remote/fetcher.ts";
import { shownUrl } from "../remote/shown-url.ts";
import { checkIndex } from "./index-file.ts";
import { resolveUrl, webUrl } from "./resolve-url.ts";

export type Repository = { url: string; access: Access };

const noTag = "-";
const limitBytes = 256 * 1024 * 1024;

type FetchIndex = { repository: Repository; cache: ContentCache; network: Network };

/** A repository's index. What an earlier run kept is used where the server says that it is still the same. */
export async function fetchIndex({ repository, cache, network }: FetchIndex): Promise<Buffer> {
  const url = indexUrl(repository);
  const name = noteName(repository);
  const kept = readKept(cache, name);
  return await ask(createFetcher(repository.access, network), { url, repository, cache, name, kept });
}

/** The index as an earlier run kept it; nothing is asked. */
export function lastIndex(repository: Repository, cache: ContentCache): Buffer | undefined {
  return readKept(cache, noteName(repository))?.index;
}

/** The Authorization header for an address that the repository's index named, or none where it is elsewhere. */
export function repositoryHeaders({ url, access }: Repository, target: URL): Record<string, string> {
  const isHome = webUrl(url).origin === target.origin;
  const authorization = isHome || access.passCredentials ? (authorizationOf(access) ?? userInfo(target)) : undefined;
  return authorization === undefined ? {} : { authorization };
}

type Kept = { index: Buffer; tag: string };
type Ask = { url: URL; repository: Repository; cache: ContentCache; name: string; kept: Kept | undefined };

async function ask(fetcher: Fetcher, { url, repository, cache, name, kept }: Ask): Promise<Buffer> {
  const headers = { "accept-encoding": "gzip", ...repositoryHeaders(repository, url) };
  const condition = kept === undefined || kept.tag === noTag ? {} : { "if-none-match": kept.tag };
  const answer = await fetcher({ url, limitBytes, headers: { ...headers, ...condition } });
  if (answer.status === 304 && kept !== undefined) return kept.index;
  checkStatus(answer, `fetch the index of ${repository.url}`);
  checkIndex(answer.body, shownUrl(url));
  const { etag } = answer.headers;
  cache.setNote("index-tag", name, etag ?? noTag);
  cache.setNote("index", name, cache.put(answer.body));
  return answer.body;
}

function indexUrl({ url }: Repository): URL {
  return resolveUrl(url, "index.yaml");
}

function noteName(repository: Repository): string {
  return `${indexUrl(repository).href} ${repository.access.username ?? ""}`;
}

function readKept(cache: ContentCache, name: string): Kept | undefined {
  const tag = cache.note("index-tag", name);
  const digest = cache.note("index", name);
  const index = digest === undefined ? undefined : cache.get(digest);
  return tag === undefined || index === undefined ? undefined : { index, tag };
}

function userInfo(url: URL): string | undefined {
  if (url.username === "") return undefined;
  const text = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(text).toString("base64")}`;
}
