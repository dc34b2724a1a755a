import { diffArrays } from "diff";
import { jsonEqual } from "../base/json-equal.ts";
import { isJsonObject, type JsonObject } from "../base/json-path.ts";
import { sortKeys } from "../base/yaml/key-order.ts";
import { writeYamlPlain } from "../base/yaml/write.ts";
import type { PatchSchema } from "../kube/patch/schema.ts";
import type { KubeObject } from "../kube/types.ts";
import { canonicalJson } from "../plan/fields.ts";
import { itemNames, schemaOf } from "../plan/list-items.ts";

type Sign = " " | "+" | "-";

/** A line of YAML, and where what it belongs to lies in the object. */
export type DiffLine = { sign: Sign; text: string; path: readonly string[] };

type Place = { schema: PatchSchema; path: readonly string[] };

/**
 * Every line of both, as YAML with sorted keys. What is compared is the objects, not their texts: a field with the field
 * of its name, an item of a list with the item that Kubernetes takes for the same.
 */
export function diffYaml(before: KubeObject | undefined, after: KubeObject): DiffLine[] {
  return mapLines(before ?? {}, after, { schema: schemaOf(after), path: [] });
}

function mapLines(before: JsonObject, after: JsonObject, place: Place): DiffLine[] {
  const keys = sortKeys([...new Set([...Object.keys(before), ...Object.keys(after)])], "v2");
  return keys.flatMap((key) => {
    if (!Object.hasOwn(after, key)) return memberLines("-", key, before[key], place);
    if (!Object.hasOwn(before, key)) return memberLines("+", key, after[key], place);
    return fieldLines(key, before[key], after[key], place);
  });
}

function fieldLines(key: string, before: unknown, after: unknown, place: Place): DiffLine[] {
  if (jsonEqual(before, after)) return memberLines(" ", key, after, place);
  const { schema, mergeKey } = place.schema.field(key);
  const inside = { schema, path: [...place.path, key] };
  const head = memberLines(" ", key, { a: 0 }, place).slice(0, 1);
  if (isFilledMap(before) && isFilledMap(after)) return [...head, ...indented(mapLines(before, after, inside), 2)];
  if (isFilledList(before) && isFilledList(after)) return [...head, ...listLines(before, after, inside, mergeKey)];
  const [old, next] = [memberLines("-", key, before, place), memberLines("+", key, after, place)];
  return old.length > 1 && next.length > 1 ? textLines(old, next) : [...old, ...next];
}

function isFilledMap(value: unknown): value is JsonObject {
  return isJsonObject(value) && Object.keys(value).length > 0;
}

function isFilledList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function memberLines(sign: Sign, key: string, value: unknown, { path }: Place): DiffLine[] {
  return yamlLines({ [key]: value }).map((text) => ({ sign, text, path }));
}

function yamlLines(value: unknown): string[] {
  return writeYamlPlain(value).replace(/\n$/, "").split("\n");
}

// Texts of several lines, such as a file in a ConfigMap.
function textLines(old: DiffLine[], next: DiffLine[]): DiffLine[] {
  const path = old[0]?.path ?? [];
  const parts = matched(
    old.map(({ text }) => text),
    next.map(({ text }) => text),
  );
  return parts.flatMap(({ added, removed, value }) =>
    value.map((text): DiffLine => ({ sign: added ? "+" : removed ? "-" : " ", text, path })),
  );
}

type Part = { added: boolean; removed: boolean; value: string[]; count: number };

type Pair = { before?: unknown; after?: unknown; name: string };

function listLines(before: unknown[], after: unknown[], place: Place, mergeKey: string | undefined): DiffLine[] {
  return pairsOf(before, after, mergeKey).flatMap((pair) => {
    const inside = { ...place, path: [...place.path, `[${pair.name}]`] };
    if (!("after" in pair)) return itemLines("-", pair.before, place.path);
    if (!("before" in pair)) return itemLines("+", pair.after, place.path);
    if (jsonEqual(pair.before, pair.after)) return itemLines(" ", pair.after, place.path);
    if (isFilledMap(pair.before) && isFilledMap(pair.after))
      return dashed(indented(mapLines(pair.before, pair.after, inside), 2));
    return [...itemLines("-", pair.before, place.path), ...itemLines("+", pair.after, place.path)];
  });
}

/** Which items are the same in both, in their order. One that changed its place is taken away here and added there. */
function pairsOf(before: unknown[], after: unknown[], mergeKey: string | undefined): Pair[] {
  const name = itemNames(mergeKey, before, after);
  const idOf = (item: unknown) => name?.(item) ?? canonicalJson(item);
  const parts = matched(before.map(idOf), after.map(idOf));
  const pairs: Pair[] = [];
  let [old, next] = [0, 0];
  let unmatched: number[] = [];
  for (const { added, removed, count } of parts) {
    for (let item = 0; item < count; item++) {
      const label = (at: number, value: unknown) => name?.(value) ?? String(at);
      if (removed) {
        if (name === undefined) unmatched.push(pairs.length);
        pairs.push({ before: before[old], name: label(old, before[old]) });
        old++;
      } else if (added) {
        // Items without a name that stand in for others at the same place.
        const at = unmatched.shift();
        const pair = at === undefined ? undefined : pairs[at];
        if (pair) pair.after = after[next];
        else pairs.push({ after: after[next], name: label(next, after[next]) });
        next++;
      } else {
        unmatched = [];
        pairs.push({ before: before[old], after: after[next], name: label(next, after[next]) });
        old++;
        next++;
      }
    }
  }
  return pairs;
}

// What has more differences than this is another text or list: comparing it further takes time and tells nothing.
const maxEdits = 1000;

function matched(before: string[], after: string[]): Part[] {
  return (
    diffArrays(before, after, { maxEditLength: maxEdits }) ?? [
      { removed: true, added: false, value: before, count: before.length },
      { removed: false, added: true, value: after, count: after.length },
    ]
  );
}

function itemLines(sign: Sign, item: unknown, path: readonly string[]): DiffLine[] {
  return yamlLines([item]).map((text) => ({ sign, text, path }));
}

function indented(lines: DiffLine[], by: number): DiffLine[] {
  return lines.map((line) => (line.text === "" ? line : { ...line, text: " ".repeat(by) + line.text }));
}

/** Puts the dash of a list's item before the first line of each of the two texts. */
function dashed(lines: DiffLine[]): DiffLine[] {
  const missing = new Set<Sign>(["-", "+"]);
  return lines.flatMap((line) => {
    const { sign } = line;
    const withDash = (as: Sign): DiffLine => ({ ...line, sign: as, text: `- ${line.text.slice(2)}` });
    if (missing.size === 0) return [line];
    if (sign !== " ") return missing.delete(sign) ? [withDash(sign)] : [line];
    const [left] = missing;
    const isFirstOfBoth = missing.size === 2;
    missing.clear();
    if (isFirstOfBoth) return [withDash(" ")];
    return left === "-" ? [withDash("-"), { ...line, sign: "+" }] : [{ ...line, sign: "-" }, withDash("+")];
  });
}
