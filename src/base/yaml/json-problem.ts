import { formatGoFloat } from "../go-float.ts";
import type { Composer, Container } from "./compose.ts";
import { goSyntax } from "./go-syntax.ts";
import { YamlProblem } from "./problem.ts";

/** What of the finished value JSON cannot hold: keys that are null come first, infinite numbers last. */
export function findJsonProblem(c: Composer, value: unknown): YamlProblem | undefined {
  if (c.badKeys.size > 0) {
    const found = search(value, (part) => c.badKeys.has(part as Container));
    const key = c.badKeys.get(found as Container);
    if (key !== undefined) {
      const shown = key.value === null ? "<nil>" : goSyntax(key.value);
      return new YamlProblem(key.text + shown, key.place.line, key.place.column);
    }
  }
  if (c.infinite === undefined) return undefined;
  const number = search(value, (part) => typeof part === "number" && !Number.isFinite(part));
  if (typeof number !== "number") return undefined;
  const { line, column } = c.infinite;
  return new YamlProblem(`json: unsupported value: ${formatGoFloat(number)}`, line, column);
}

function search(value: unknown, isIt: (part: unknown) => boolean): unknown {
  if (isIt(value)) return value;
  if (typeof value !== "object" || value === null) return undefined;
  const parts: Iterable<unknown> = value instanceof Map ? value.values() : Object.values(value);
  for (const part of parts) {
    const found = search(part, isIt);
    if (found !== undefined) return found;
  }
  return undefined;
}
