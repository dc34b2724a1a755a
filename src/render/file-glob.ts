/**
 * The patterns of `.Files.Glob`: `*` and `?` stop at `/`, `**` doesn't, `[abc]`, `[!a-z]`, `{a,b*}`; `\` takes the next
 * character as it is. A pattern that can't be read matches everything, as in Helm.
 */
export function compileFileGlob(pattern: string): (name: string) => boolean {
  const alternatives = parse(pattern);
  if (alternatives === undefined) return () => true;
  return (name) => {
    const chars = Array.from(name);
    return alternatives.some((items) => matches(items, chars));
  };
}

type Item = "any" | "super" | ((char: string) => boolean);

const maxAlternatives = 1000;

function parse(pattern: string): Item[][] | undefined {
  const reader = { chars: Array.from(pattern), at: 0 };
  return readSequence(reader, false);
}

type Reader = { chars: string[]; at: number };

/** All ways in which the pattern can be written without braces; `undefined` where it is malformed or has too many. */
function readSequence(reader: Reader, inBraces: boolean): Item[][] | undefined {
  let ways: Item[][] = [[]];
  while (reader.at < reader.chars.length) {
    const char = reader.chars[reader.at] ?? "";
    if (inBraces && (char === "," || char === "}")) return ways;
    reader.at++;
    if (char === "{") {
      const inner = readBraces(reader);
      if (inner === undefined || inner.length * ways.length > maxAlternatives) return undefined;
      ways = ways.flatMap((way) => inner.map((more) => [...way, ...more]));
      continue;
    }
    const item = readItem(reader, char);
    if (item === undefined) return undefined;
    for (const way of ways) way.push(item);
  }
  return inBraces ? undefined : ways;
}

function readBraces(reader: Reader): Item[][] | undefined {
  const all: Item[][] = [];
  for (;;) {
    const ways = readSequence(reader, true);
    if (ways === undefined) return undefined;
    all.push(...ways);
    if (reader.chars[reader.at++] === "}") return all;
  }
}

function readItem(reader: Reader, char: string): Item | undefined {
  if (char === "?") return (c) => c !== "/";
  if (char === "[") return readRange(reader);
  if (char === "*") {
    if (reader.chars[reader.at] !== "*") return "any";
    reader.at++;
    return "super";
  }
  const literal = char === "\\" ? (reader.chars[reader.at++] ?? "") : char;
  return (c) => c === literal;
}

function readRange(reader: Reader): Item | undefined {
  const negated = reader.chars[reader.at] === "!";
  if (negated) reader.at++;
  const from = reader.at;
  const isSpan = reader.chars[from + 1] === "-";
  const end = reader.chars.indexOf("]", isSpan ? from + 3 : from);
  if (end < 0) return undefined;
  reader.at = end + 1;
  const listed = reader.chars.slice(from, end);
  if (!isSpan) return listed.length === 0 ? undefined : (c) => listed.includes(c) !== negated;
  const [low = "", , high = ""] = listed;
  if (listed.length !== 3 || high < low) return undefined;
  return (c) => (low <= c && c <= high) !== negated;
}

/** Keeps the set of places in the pattern that the name so far can lead to. */
function matches(items: Item[], name: string[]): boolean {
  let places = follow(items, new Set([0]));
  for (const char of name) {
    const next = new Set<number>();
    for (const place of places) {
      const item = items[place];
      if (item === "super" || (item === "any" && char !== "/")) next.add(place);
      else if (typeof item === "function" && item(char)) next.add(place + 1);
    }
    places = follow(items, next);
    if (places.size === 0) return false;
  }
  return places.has(items.length);
}

// A star may match nothing, so the place behind it is reached along with its own.
function follow(items: Item[], places: Set<number>): Set<number> {
  for (const place of places) if (typeof items[place] === "string") places.add(place + 1);
  return places;
}
