import { SlipwayError } from "../../base/error.ts";
import { satisfies } from "../../base/semver-constraint.ts";
import { newestFirst, readConstraint } from "../pick-version.ts";
import { type Candidate, mapCharts } from "./index-file.ts";
import type { IndexVersion } from "./index-version.ts";

export type SearchResult = { name: string; chart: IndexVersion };

export type Search = { words: string; isRegexp: boolean; range: string; everyVersion: boolean };

// Where Helm finds what is looked for: the name counts more than the description, and this is where it stops.
const worstScore = 25;
const separator = "\v";

/** The charts of one repository that match, best first. */
export function searchIndex(index: Buffer, repository: string, search: Search): (SearchResult & { score: number })[] {
  const matches = matcherOf(search);
  const mayMatch = roughMatcherOf(search);
  const constraint = readConstraint(search.range);
  return mapCharts(index, repository, (name, candidates) => {
    const found: (SearchResult & { score: number })[] = [];
    for (const { item, version } of newestFirst(candidates)) {
      if (version === undefined || !satisfies(version, constraint)) continue;
      if (!mayMatch(`${repository}/${name}`, item)) continue;
      const chart = item.read();
      const score = chart && matches(lineOf(repository, chart));
      if (chart === undefined || score === undefined) continue;
      found.push({ name: `${repository}/${name}`, chart, score });
      if (!search.everyVersion) break;
    }
    return found;
  });
}

/** False where the words can't be in an entry, which then needs not be read: each of them stands in its text as it is. */
function roughMatcherOf({ words, isRegexp }: Search): (name: string, candidate: Candidate) => boolean {
  if (words === "" || isRegexp) return () => true;
  const pieces = words.toLowerCase().split(/\s+/);
  return (name, { text }) => {
    // What is escaped or lies elsewhere can't be told from the text.
    if (text === undefined || /\\|[:-] [*]/.test(text)) return true;
    const lowered = `${name}\n${text}`.toLowerCase();
    return pieces.every((piece) => lowered.includes(piece));
  };
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
