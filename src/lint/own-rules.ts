import { fromBytes } from "../base/go-string.ts";
import type { GoMap } from "../base/go-value.ts";
import { arrayAt, isJsonObject, objectAt, stringAt } from "../base/json-path.ts";
import type { Chart } from "../chart/types.ts";
import type { Report } from "./message.ts";

/** Values of the chart and of the user that no template names. */
export function lintUnusedValues(chart: Chart, config: GoMap, report: Report): void {
  const used = usedPaths(chart);
  if (used === "all") return;
  for (const path of paths(config)) tell(path, "a value that is given");
  for (const path of paths(chart.values)) tell(path, "values.yaml");

  function tell(path: string[], source: string): void {
    const [first = ""] = path;
    if (isOfOthers(chart, path)) return;
    const isUsed = used !== "all" && used.some((one) => leadsAlong(one, path));
    if (!isUsed && first !== "") report("INFO", "values.yaml", `${path.join(".")} (${source}) is used by no template`);
  }
}

function isOfOthers({ dependencies, metadata }: Chart, path: string[]): boolean {
  const [first = ""] = path;
  if (first === "global" || first === "tags" || first === "exports") return true;
  if (dependencies.some((subchart) => subchart.metadata.name === first)) return true;
  return (metadata.dependencies ?? []).some(
    ({ name, alias, condition = "" }) =>
      name === first || alias === first || condition.split(",").some((text) => text.trim() === path.join(".")),
  );
}

function leadsAlong(used: string[], path: string[]): boolean {
  return used.slice(0, path.length).every((name, index) => name === path[index]);
}

/** `all` where a template takes the values as a whole, and nobody can tell. */
function usedPaths(chart: Chart): string[][] | "all" {
  const texts = [...templateTexts(chart), ...chart.files.map((file) => fromBytes(file.data))];
  const found: string[][] = [];
  for (const text of texts) {
    for (const [, rest = ""] of text.matchAll(/\.Values\b((?:\.[A-Za-z_]\w*)*)/g)) {
      if (rest === "" && !/index \$?\.Values/.test(text)) return "all";
      if (rest !== "") found.push(rest.slice(1).split("."));
    }
    for (const [, names = ""] of text.matchAll(/index \$?\.Values((?:\s+"[^"]*")+)/g)) {
      found.push([...names.matchAll(/"([^"]*)"/g)].map(([, name = ""]) => name));
    }
  }
  return found;
}

// A library's templates see the values of the chart that includes them.
function templateTexts(chart: Chart): string[] {
  const own = chart.templates.map((file) => fromBytes(file.data));
  return [...own, ...chart.dependencies.flatMap(templateTexts)];
}

function paths(values: GoMap, above: string[] = []): string[][] {
  return [...values].flatMap(([key, value]) =>
    value instanceof Map && value.size > 0 ? paths(value, [...above, key]) : [[...above, key]],
  );
}

/** Values that a schema, which names what it knows, doesn't name: often a slip of the pen that nobody is told of. */
export function lintUnknownValues(chart: Chart, config: GoMap, report: Report): void {
  if (chart.schema === undefined) return;
  let schema: unknown;
  try {
    schema = JSON.parse(Buffer.from(chart.schema).toString("utf8"));
  } catch {
    // That it is no JSON is told where the values are held against it.
    return;
  }
  for (const path of paths(config)) {
    const unknown = firstUnknown(schema, path);
    if (unknown === undefined || isOfOthers(chart, path)) continue;
    report("INFO", "values.schema.json", `${unknown} is given, and the schema does not know it`);
  }
}

function firstUnknown(root: unknown, path: readonly string[]): string | undefined {
  let schema = resolved(root, root);
  for (const [index, name] of path.entries()) {
    const properties = objectAt(schema, "properties");
    const isOpen = ["patternProperties", "allOf", "anyOf", "oneOf", "if", "not"].some((key) => key in (schema ?? {}));
    if (properties === undefined || isOpen || isJsonObject(schema?.["additionalProperties"])) return undefined;
    if (!Object.hasOwn(properties, name)) return path.slice(0, index + 1).join(".");
    schema = resolved(root, properties[name]);
  }
  return undefined;
}

function resolved(root: unknown, schema: unknown): Record<string, unknown> | undefined {
  const reference = stringAt(schema, "$ref");
  if (reference === undefined) return isJsonObject(schema) ? schema : undefined;
  if (!reference.startsWith("#/")) return undefined;
  return objectAt(root, ...reference.slice(2).split("/"));
}

export function imageProblem(object: unknown): string | undefined {
  const images = imagesIn(object);
  const bare = images.filter((image) => !image.includes("@") && !image.slice(image.lastIndexOf("/") + 1).includes(":"));
  return bare.length === 0
    ? undefined
    : `no tag: ${[...new Set(bare)].join(", ")} means the newest, whatever it is then`;
}

function imagesIn(object: unknown): string[] {
  const pods = [["spec"], ["spec", "template", "spec"], ["spec", "jobTemplate", "spec", "template", "spec"]];
  return pods.flatMap((path) =>
    ["initContainers", "containers"].flatMap((list) =>
      arrayAt(object, ...path, list).flatMap((container) => stringAt(container, "image") ?? []),
    ),
  );
}
