import { isJsonObject } from "../../base/json-path.ts";
import { parseStrictVersion, SemverError } from "../../base/semver.ts";
import { newestFirst } from "../pick-version.ts";
import { checkStatus } from "../remote/check-status.ts";
import type { Answer } from "../remote/fetcher.ts";
import { pullScope, type Registry } from "./client.ts";
import { formatReference, fromTag, type OciReference } from "./reference.ts";

const limitBytes = 16 * 1024 * 1024;
const mostPages = 200;

/** The tags that are versions, newest first, each as the version that it stands for. */
export async function versionTags(registry: Registry, reference: OciReference): Promise<string[]> {
  const tags = await listTags(registry, reference);
  const versions = tags.map(fromTag).filter(isStrictVersion);
  return newestFirst(versions.map((version) => ({ version }))).map(({ item }) => item.version);
}

async function listTags(registry: Registry, reference: OciReference): Promise<string[]> {
  const tags: string[] = [];
  let path: string | URL | undefined = `${reference.repository}/tags/list?n=1000`;
  for (let page = 0; path !== undefined && page < mostPages; page++) {
    const answer: Answer = await registry.ask({ path, scope: pullScope(reference), limitBytes });
    checkStatus(answer, `list the versions of ${formatReference(reference)}`);
    tags.push(...tagsIn(answer.body));
    path = nextPage(answer);
  }
  return tags;
}

function tagsIn(body: Buffer): string[] {
  try {
    const document: unknown = JSON.parse(body.toString("utf8"));
    const list = isJsonObject(document) ? document["tags"] : undefined;
    return Array.isArray(list) ? list.filter((tag) => typeof tag === "string") : [];
  } catch {
    return [];
  }
}

function nextPage({ headers, url }: Answer): URL | undefined {
  const link = headers["link"];
  const text = Array.isArray(link) ? link.join(",") : link;
  const target = /<([^>]+)>\s*;\s*rel="?next"?/i.exec(text ?? "")?.[1];
  const next = target !== undefined && URL.canParse(target, url.href) ? new URL(target, url) : undefined;
  return next?.origin === url.origin ? next : undefined;
}

function isStrictVersion(text: string): boolean {
  try {
    return parseStrictVersion(text) !== undefined;
  } catch (error) {
    if (error instanceof SemverError) return false;
    throw error;
  }
}
