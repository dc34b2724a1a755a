/**
 * Go's `filepath.Match`: `*` and `?` stop at `/`, `[a-z]` and `[^a-z]` are classes, `\` takes the next character as it
 * is. The whole name must match. `undefined` where the pattern is malformed.
 */
export function compilePathMatch(pattern: string): ((name: string) => boolean) | undefined {
  if (!/[*?[\\]/.test(pattern)) return (name) => name === pattern;
  const items = parse(Array.from(pattern));
  if (items === undefined) return undefined;
  // Most names are told apart by how they begin or end.
  const [, head = "", tail = ""] = /^([^*?[\\]*)(?:[*?]|[*?][^[\\]*[*?])([^*?[\\]*)$/.exec(pattern) ?? [];
  return (name) => name.startsWith(head) && name.endsWith(tail) && matches(items, Array.from(name));
}

type Item = "star" | ((char: string) => boolean);

function parse(chars: string[]): Item[] | undefined {
  const items: Item[] = [];
  let i = 0;
  while (i < chars.length) {
    const char = chars[i++] ?? "";
    if (char === "*") {
      if (items.at(-1) !== "star") items.push("star");
    } else if (char === "?") {
      items.push((c) => c !== "/");
    } else if (char === "[") {
      const parsed = parseClass(chars, i);
      if (parsed === undefined) return undefined;
      items.push(parsed.item);
      i = parsed.next;
    } else if (char === "\\") {
      const literal = chars[i++];
      if (literal === undefined) return undefined;
      items.push((c) => c === literal);
    } else {
      items.push((c) => c === char);
    }
  }
  return items;
}

function parseClass(chars: string[], start: number): { item: Item; next: number } | undefined {
  let i = start;
  const negated = chars[i] === "^";
  if (negated) i++;
  const ranges: [number, number][] = [];
  while (chars[i] !== "]" || ranges.length === 0) {
    const low = classChar(chars, i);
    if (low === undefined) return undefined;
    i = low.next;
    let high = low.code;
    if (chars[i] === "-") {
      const upper = classChar(chars, i + 1);
      if (upper === undefined) return undefined;
      high = upper.code;
      i = upper.next;
    }
    ranges.push([low.code, high]);
  }
  const inClass = (char: string) => {
    const code = char.codePointAt(0) ?? 0;
    return ranges.some(([low, high]) => low <= code && code <= high);
  };
  return { item: (char) => inClass(char) !== negated, next: i + 1 };
}

function classChar(chars: string[], index: number): { code: number; next: number } | undefined {
  const char = chars[index];
  if (char === undefined || char === "-" || char === "]") return undefined;
  const literal = char === "\\" ? chars[index + 1] : char;
  const next = index + (char === "\\" ? 2 : 1);
  // A class must be closed after this character.
  if (literal === undefined || next >= chars.length) return undefined;
  return { code: literal.codePointAt(0) ?? 0, next };
}

// The last star takes more whenever what follows it fails: never more than |items| × |name| steps.
function matches(items: Item[], name: string[]): boolean {
  let item = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    const current = items[item];
    const char = name[at] ?? "";
    if (current === "star") {
      star = item++;
      starAt = at;
    } else if (current?.(char)) {
      item++;
      at++;
    } else if (star >= 0 && name[starAt] !== "/") {
      item = star + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  while (items[item] === "star") item++;
  return item === items.length;
}
