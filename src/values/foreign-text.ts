import { SlipwayError } from "../base/error.ts";
import type { GoValue } from "../base/go-value.ts";
import { readYaml } from "../base/yaml/read.ts";
import { splitDocuments } from "../chart/read-values.ts";

/** Of an event, what only they can write who may also deploy. */
const own: ReadonlySet<string | undefined> = new Set(["inputs", "client_payload", "deployment", "schedule"]);

/** Whether anybody may have written what goes by this name in a workflow, such as a pull request's title. */
export function isForeign([root, part, below]: readonly string[]): boolean {
  if (root === "env") return part === "GITHUB_HEAD_REF";
  return root === "github" && (part === "head_ref" || (part === "event" && !own.has(below)));
}

/** What stands in for the foreign text of that number. */
export function standIn(number: number): string {
  return `slipway-foreign-${number}`;
}

const standsIn = /slipway-foreign-\d+/;

/**
 * Whether the YAML says the same as with stand-ins, apart from the values and keys that hold one: no foreign text ends its
 * value and begins another. What can't be read is told by who reads it.
 */
export function keepsShape(text: string, withStandIns: string, file: string): boolean {
  const [given, wanted] = [documentsOf(text, file), documentsOf(withStandIns, file)];
  if (given === undefined) return true;
  return wanted !== undefined && isAlike(given, wanted);
}

function documentsOf(text: string, file: string): GoValue[] | undefined {
  try {
    return Array.from(splitDocuments(text, file), ({ body }) => readYaml(body, { source: file }));
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}

function isAlike(given: GoValue, wanted: GoValue): boolean {
  if (given instanceof Map && wanted instanceof Map) {
    const others = [...wanted];
    return (
      given.size === others.length &&
      [...given].every(([key, value], index) => {
        const [otherKey, other] = others[index] ?? ["", null];
        return isAlike(key, otherKey) && isAlike(value, other);
      })
    );
  }
  if (Array.isArray(given) && Array.isArray(wanted)) {
    return given.length === wanted.length && given.every((item, index) => isAlike(item, wanted[index] ?? null));
  }
  if (isContainer(given) || isContainer(wanted)) return false;
  return (typeof wanted === "string" && standsIn.test(wanted)) || String(given) === String(wanted);
}

function isContainer(value: GoValue): boolean {
  return value instanceof Map || Array.isArray(value);
}
