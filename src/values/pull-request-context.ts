import { numberAt, objectAt, stringAt } from "../base/json-path.ts";

/** What a values file can use as `pr.NAME`. Nothing in it can end a YAML scalar, or begin a template action. */
export type PullRequestContext = {
  number: number;
  /** The newest commit of the branch, and its first 12 characters. */
  sha: string;
  short_sha: string;
  branch: string;
  /** The branch as part of a DNS name. */
  slug: string;
  base: string;
  author: string;
  title: string;
  url: string;
};

/** As whoever knows of the pull request has them: texts that anybody may have written. */
export type PullRequestFacts = {
  number: number;
  sha?: string;
  branch?: string;
  base?: string;
  author?: string;
  title?: string;
  url?: string;
};

const longest = 200;
const slugLength = 40;

export function pullRequestContext(facts: PullRequestFacts): PullRequestContext {
  const { number, sha = "", branch = "", base = "", author = "", title = "", url = "" } = facts;
  const commit = /^[0-9a-f]{7,64}$/.test(sha) ? sha : "";
  return {
    number,
    sha: commit,
    short_sha: commit.slice(0, 12),
    branch: harmless(branch),
    slug: slugOf(branch),
    base: harmless(base),
    author: harmless(author),
    title: harmless(title),
    url: /^https?:\/\/[\w.:-]+(\/[\w./~-]*)?$/.test(url) ? url : "",
  };
}

/** The pull request that an event is about. */
export function pullRequestIn(event: unknown): PullRequestFacts | undefined {
  const pullRequest = objectAt(event, "pull_request");
  const number = numberAt(pullRequest, "number");
  if (number === undefined || !Number.isSafeInteger(number) || number <= 0) return undefined;
  const texts = {
    sha: stringAt(pullRequest, "head", "sha"),
    branch: stringAt(pullRequest, "head", "ref"),
    base: stringAt(pullRequest, "base", "ref"),
    author: stringAt(pullRequest, "user", "login"),
    title: stringAt(pullRequest, "title"),
    url: stringAt(pullRequest, "html_url"),
  };
  const known = Object.entries(texts).filter(([, text]) => text !== undefined);
  return { number, ...Object.fromEntries(known) };
}

/**
 * Letters, digits, blanks and a few marks, on one line that begins with a letter or digit: whatever else there is becomes a
 * blank. So the text stays text in a plain or quoted YAML scalar, in a flow list, in a template and in a shell word in quotes.
 */
function harmless(text: string): string {
  return text
    .slice(0, 10 * longest)
    .replace(/[^\p{L}\p{N}\p{M} ._/+=()-]/gu, " ")
    .replace(/\s+/g, " ")
    .replace(/^[^\p{L}\p{N}]+/u, "")
    .slice(0, longest)
    .trim();
}

function slugOf(branch: string): string {
  return branch
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, slugLength)
    .replace(/-+$/, "");
}
