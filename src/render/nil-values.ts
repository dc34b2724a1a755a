import type { GoMap, GoValue } from "../base/go-value.ts";
import { nearestName } from "../base/nearest-name.ts";

/** Where a template's values come from, for those who have to set one. */
export type ValuesOrigin = {
  /** What the template sees: `.Values`, `.Chart`, `.Release`, …. */
  scope: GoMap;
  /** The chart's name, and the names of its parents in front of it, the top chart left out: `["backend", "database"]`. */
  chart: string;
  below: readonly string[];
  /** What the user gave values with: files, and the flags of the `--set` family. */
  given: readonly string[];
};

export type NilValue = { what: string; hint?: string };

/** A chain of names from the template's own dot, or from `$`. */
const chains = /(?<![\w)\]$])\$?((?:\.[\p{L}_][\p{L}\p{N}_]*)+)/gu;

/** Of what an expression reads, the first thing that is nil: what it is, and where to set it. */
export function explainNil(expression: string, origin: ValuesOrigin): NilValue | undefined {
  for (const [, chain = ""] of expression.matchAll(chains)) {
    const [object = "", ...keys] = chain.slice(1).split(".");
    const value = origin.scope.get(object);
    if (object === "Values" && value instanceof Map) {
      const found = firstNil(keys, value, (nil) => nilAt(keys, { ...nil, origin }));
      if (found !== undefined) return found;
    } else if (/^[A-Z]/.test(object)) {
      const found = firstNil([object, ...keys], origin.scope, (nil) => nilObject([object, ...keys], nil));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

type Nil = { index: number; isNull: boolean; siblings: GoMap };

function firstNil(keys: readonly string[], from: GoMap, describe: (nil: Nil) => NilValue): NilValue | undefined {
  let siblings = from;
  for (const [index, key] of keys.entries()) {
    const value: GoValue | undefined = siblings.get(key);
    if (value === undefined || value === null) return describe({ index, isNull: value === null, siblings });
    if (!(value instanceof Map)) return undefined;
    siblings = value;
  }
  return undefined;
}

// `.Chart`, `.Release` and their like are Helm's: there is nothing to set.
function nilObject(keys: readonly string[], { index, siblings }: Nil): NilValue {
  const path = (names: readonly string[]) => `\`.${names.join(".")}\``;
  const above = keys.slice(0, index);
  const near = nearestName(keys[index] ?? "", siblings.keys());
  return {
    what: `there is no ${path(keys.slice(0, index + 1))}`,
    ...(near !== undefined && { hint: `Did you mean ${path([...above, near])}?` }),
  };
}

function nilAt(keys: readonly string[], { index, isNull, siblings, origin }: Nil & { origin: ValuesOrigin }): NilValue {
  const path = keys.slice(0, index + 1).join(".");
  const wanted = keys[index + 1];
  const near = isNull ? undefined : nearestName(keys[index] ?? "", siblings.keys());
  const sentences = [
    isNull ? `\`${path}\` is null in the values.` : `No values set \`${path}\`: ${searched(origin)}.`,
    ...(near === undefined ? [] : [`Did you mean \`${[...keys.slice(0, index), near].join(".")}\`?`]),
    `Set \`${[...origin.below, ...keys].join(".")}\`${ownerText(origin)}, or guard the place with {{ if }} or {{ with }}.`,
  ];
  const what = `\`.Values.${path}\` is nil${wanted === undefined ? "" : `, so it has no \`${wanted}\``}`;
  return { what, hint: sentences.join(" ") };
}

function searched({ chart, given }: ValuesOrigin): string {
  const own = `the values.yaml of chart "${chart}"`;
  const [first, ...more] = given;
  if (first === undefined) return `not ${own}, and no values file or --set was given`;
  return `neither ${[first, ...more].join(", ")} nor ${own}`;
}

function ownerText({ below }: ValuesOrigin): string {
  const [name] = below.slice(-1);
  return name === undefined ? "" : ` (the values of the subchart "${name}" stand under its name)`;
}
