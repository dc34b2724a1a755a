import { SlipwayError } from "../../base/error.ts";
import { satisfies } from "../../base/semver-constraint.ts";
import { newestFirst, readConstraint, versionOrNothing } from "../pick-version.ts";
import { readIndex } from "./index-file.ts";
import type { IndexVersion } from "./index-version.ts";

export type SearchResult = { name: string; chart: IndexVersion };

export type Search = { words: string; isRegexp: boolean; range: string; everyVersion: boolean };

// Where Helm finds what is looked for: the name counts more than the description, and this is where it stops.
const worstScore = 25;
const separator = "\v";

/** The charts of one repository that match, best first. */
export function searchIndex(index: Buffer, repository: string, search: Search): (SearchResult & { score: number })[] {
  const matches = matcherOf(search);
  const constraint = readConstraint(search.range);
  const found: (SearchResult & { score: number })[] = [];
  for (const [name, versions] of readIndex(index, repository)) {
    const sorted = newestFirst(versions).map(({ item }) => item);
    for (const chart of sorted) {
      const version = versionOrNothing(chart.version);
      if (version === undefined || !satisfies(version, constraint)) continue;
      const score = matches(lineOf(repository, chart));
      if (score !== undefined) found.push({ name: `${repository}/${name}`, chart, score });
      if (score !== undefined && !search.everyVersion) break;
    }
  }
  return found;
}

export function bestFirst<T extends SearchResult & { score: number }>(found: readonly T[]): T[] {
  // Versions of one chart come newest first already.
  return [...found].sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function lineOf(repository: string, { name, description = "", keywords = [] }: IndexVersion): string {
  return [name, `${repository}/${name}`, description, keywords.join(" ")].join(separator);
}

/** Which part of the line the words are in; `undefined` where they are in none. */
function matcherOf({ words, isRegexp }: Search): (line: string) => number | undefined {
  if (words === "") return () => 0;
  const pattern = isRegexp ? readPattern(words) : undefined;
  const lowered = words.toLowerCase();
  return (line) => {
    const at = pattern === undefined ? line.toLowerCase().indexOf(lowered) : line.search(pattern);
    if (at < 0) return undefined;
    const score = line.slice(0, at).split(separator).length - 1;
    return score < worstScore ? score : undefined;
  };
}

function readPattern(words: string): RegExp {
  try {
    return new RegExp(words, "u");
  } catch (cause) {
    throw new SlipwayError("INPUT_INVALID", `"${words}" is no regular expression`, { cause });
  }
}
