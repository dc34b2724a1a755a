import type { GoMap } from "../base/go-value.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import { SetError, setValues, type ValueSyntax } from "./set-parser.ts";
import { fileSyntax, literalSyntax, stringSyntax, typedSyntax } from "./set-syntax.ts";
import { expandPattern, isUrl, type ReadingContext, readLocal, readSource } from "./value-files.ts";
import { fileLayer, jsonLayer, mergeLayers, setLayer, type ValueLayer } from "./value-layers.ts";

/** Where the user's values come from. Later ones win, and each kind wins over those above it. */
export type ValueSources = ReadingContext & {
  /** Paths, patterns such as `values/*.yaml`, or `https://` addresses; `-` is the standard input. */
  files?: readonly string[];
  /** YAML texts, as the action's `values` input is one. */
  inline?: readonly string[];
  setJson?: readonly string[];
  set?: readonly string[];
  setString?: readonly string[];
  setFile?: readonly string[];
  setLiteral?: readonly string[];
  helm?: HelmVersion;
  /** What is done to the text of a values file before it is read: interpolation, decryption. */
  transform?: (text: string, file: string) => string | Promise<string>;
};

/** What the user's values come from, for messages: the files' names, and the flags. */
export function namesOfSources(sources: ValueSources): string[] {
  const flags = [
    ["--set-json", sources.setJson],
    ["--set", sources.set],
    ["--set-string", sources.setString],
    ["--set-file", sources.setFile],
    ["--set-literal", sources.setLiteral],
  ] as const;
  const given = flags.filter(([, expressions]) => (expressions?.length ?? 0) > 0).map(([flag]) => flag);
  return [...(sources.files ?? []), ...((sources.inline?.length ?? 0) > 0 ? ["the given values"] : []), ...given];
}

/** The user's values: files, inline YAML, then the `--set` family in Helm's order of precedence. */
export async function collectValues(sources: ValueSources): Promise<GoMap> {
  return mergeLayers(await readLayers(sources));
}

/** What `collectValues` merges, one by one, the weakest first. */
export async function readLayers(sources: ValueSources): Promise<ValueLayer[]> {
  const { helm = "4" } = sources;
  const transform = sources.transform ?? ((text: string) => text);
  const layers: ValueLayer[] = [];
  for (const file of (sources.files ?? []).flatMap(expandPattern)) {
    const text = await readSource(file, "values file", sources);
    layers.push(fileLayer(file, await transform(text, file), helm));
  }
  for (const [index, inline] of (sources.inline ?? []).entries()) {
    const name = (sources.inline?.length ?? 0) > 1 ? `values[${index}]` : "values";
    layers.push(fileLayer(name, await transform(inline, name), helm));
  }
  for (const expression of sources.setJson ?? []) layers.push(jsonLayer(expression, helm));
  const all = (flag: string, expressions: readonly string[] | undefined, syntax: ValueSyntax) =>
    layers.push(...(expressions ?? []).map((expression) => setLayer(flag, expression, syntax)));
  all("--set", sources.set, typedSyntax);
  all("--set-string", sources.setString, stringSyntax);
  all("--set-file", sources.setFile, fileSyntax(await fileReader(sources)));
  all("--set-literal", sources.setLiteral, literalSyntax);
  return layers;
}

// Expressions are read at once, so what they name by address is fetched before.
async function fileReader(sources: ValueSources): Promise<(path: string) => string> {
  const what = "file of --set-file";
  const fetched = new Map<string, string>();
  for (const path of (sources.setFile ?? []).flatMap(namedFiles)) {
    if (isUrl(path)) fetched.set(path, await readSource(path, what, sources));
  }
  return (path) => fetched.get(path) ?? readLocal(path, what);
}

function namedFiles(expression: string): string[] {
  const paths: string[] = [];
  const note = (path: string) => {
    paths.push(path);
    return "";
  };
  try {
    setValues(expression, new Map(), fileSyntax(note));
  } catch (error) {
    // It is read again in its turn, and told then.
    if (!(error instanceof SetError)) throw error;
  }
  return paths;
}
