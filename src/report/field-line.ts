/**
 * The line of a template that writes a field of an object of that kind, counted from 1; `undefined` where not exactly one
 * does. The template is read as lines, not rendered: a field that an include writes is not found.
 */
export function fieldLine(template: string, kind: string, field: string): number | undefined {
  const wanted = keysOf(field).join("\n");
  const lines = template.split("\n");
  const found: number[] = [];
  for (const { from, to } of documentsOf(lines, kind)) {
    for (const { number, path } of keysIn(lines, from, to)) if (path === wanted) found.push(number);
  }
  return found.length === 1 ? found[0] : undefined;
}

/** `spec.containers[web].image` as its names, without those of a list's items. Of several fields the first. */
function keysOf(field: string): string[] {
  const [first = ""] = field.split(", ");
  const keys: string[] = [];
  for (const [, quoted, plain] of first.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[[^\]]*\]|([^.[\]]+)/g)) {
    const key = quoted?.replace(/\\(.)/g, "$1") ?? plain;
    if (key !== undefined) keys.push(key);
  }
  return keys;
}

type Span = { from: number; to: number };

function documentsOf(lines: readonly string[], kind: string): Span[] {
  const starts = [0, ...lines.flatMap((line, index) => (/^---(\s|$)/.test(line) ? [index + 1] : []))];
  const spans = starts.map((from, index) => ({ from, to: starts[index + 1] ?? lines.length }));
  return spans.filter(({ from, to }) => lines.slice(from, to).some((line) => kindIn(line) === kind));
}

function kindIn(line: string): string | undefined {
  return /^kind:\s*["']?([\w-]+)/.exec(line)?.[1];
}

const keyLine = /^( *)((?:- +)*)(?:"([^"]*)"|'([^']*)'|([^\s"'{#:-][^:]*)):(?:\s|$)/;

/** Each line that begins with a key, and the names that lead to it. */
function* keysIn(lines: readonly string[], from: number, to: number): Generator<{ number: number; path: string }> {
  const open: { indent: number; key: string }[] = [];
  for (let index = from; index < to; index++) {
    const [, spaces = "", dashes = "", double, single, plain] = keyLine.exec(lines[index] ?? "") ?? [];
    const key = double ?? single ?? plain;
    if (key === undefined) continue;
    const indent = spaces.length + dashes.length;
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    open.push({ indent, key });
    yield { number: index + 1, path: open.map((entry) => entry.key).join("\n") };
  }
}
