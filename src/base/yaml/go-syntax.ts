import { formatGoFloat } from "../go-float.ts";
import { quoteGo } from "../go-quote.ts";

/** As `%#v` prints what go-yaml decodes, for the message about `{{ … }}` that was read as YAML. */
export function goSyntax(value: unknown): string {
  if (value === null) return "interface {}(nil)";
  if (typeof value === "string") return quoteGo(value);
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : formatGoFloat(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (typeof value !== "object") return String(value);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const pairs = entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => `${quoteGo(key)}:${goSyntax(item)}`);
  return `map[interface {}]interface {}{${pairs.join(", ")}}`;
}
