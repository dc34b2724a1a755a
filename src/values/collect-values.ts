import { readFileSync } from "node:fs";
import { SlipwayError } from "../base/error.ts";
import type { GoMap } from "../base/go-value.ts";
import { helmDifferences } from "../base/helm-differences.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import { mergeMaps } from "../chart/merge-maps.ts";
import { readValues } from "../chart/read-values.ts";
import { parseJsonObject } from "./json-prefix.ts";
import { SetError, setValues, type ValueSyntax } from "./set-parser.ts";
import {
  fileSyntax,
  isJsonObject,
  jsonSyntax,
  literalSyntax,
  notJson,
  stringSyntax,
  typedSyntax,
} from "./set-syntax.ts";

/** Where the user's values come from. Later ones win, and each kind wins over those above it. */
export type ValueSources = {
  /** Paths; `-` is the standard input. */
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

/** The user's values: files, inline YAML, then the `--set` family in Helm's order of precedence. */
export async function collectValues(sources: ValueSources): Promise<GoMap> {
  let values: GoMap = new Map();
  const transform = sources.transform ?? ((text: string) => text);
  for (const file of sources.files ?? []) {
    const text = await transform(readText(file, "values file"), file);
    values = mergeMaps(values, readValues(text, file, sources.helm));
  }
  for (const [index, inline] of (sources.inline ?? []).entries()) {
    const name = (sources.inline?.length ?? 0) > 1 ? `values[${index}]` : "values";
    values = mergeMaps(values, readValues(await transform(inline, name), name, sources.helm));
  }
  return applySets(values, sources);
}

function applySets(start: GoMap, sources: ValueSources): GoMap {
  const { helm = "4" } = sources;
  const endsInIndex = !helmDifferences[helm].refusesOpenIndex;
  let values = start;
  for (const expression of sources.setJson ?? []) values = applyJson(values, expression, helm);
  applyAll(values, "--set", sources.set, { ...typedSyntax, endsInIndex });
  applyAll(values, "--set-string", sources.setString, { ...stringSyntax, endsInIndex });
  applyAll(values, "--set-file", sources.setFile, {
    ...fileSyntax((path) => readText(path, "file of --set-file")),
    endsInIndex,
  });
  applyAll(values, "--set-literal", sources.setLiteral, { ...literalSyntax, endsInIndex });
  return values;
}

function applyAll(values: GoMap, flag: string, expressions: readonly string[] | undefined, syntax: ValueSyntax): void {
  for (const expression of expressions ?? []) {
    try {
      setValues(expression, values, syntax);
    } catch (cause) {
      if (!(cause instanceof SetError)) throw cause;
      throw new SlipwayError("VALUES_INVALID", `Cannot read ${flag} ${expression}: ${cause.message}`, {
        hint: "Write name=value, name.below=value, name[0]=value or name={a,b}; put \\ before a comma or dot that is text.",
        cause,
      });
    }
  }
}

function applyJson(values: GoMap, expression: string, helm: HelmVersion): GoMap {
  try {
    if (helmDifferences[helm].setsWholeObjects && isJsonObject(expression)) {
      return mergeMaps(values, parseJsonObject(expression.trim()));
    }
    setValues(expression, values, { ...jsonSyntax, endsInIndex: !helmDifferences[helm].refusesOpenIndex });
    return values;
  } catch (cause) {
    if (cause instanceof SetError) throw notJson(expression, cause);
    throw cause;
  }
}

function readText(path: string, what: string): string {
  try {
    // 0 is the standard input.
    return readFileSync(path.trim() === "-" ? 0 : path, "utf8");
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "unknown error";
    const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : code;
    throw new SlipwayError("VALUES_NOT_FOUND", `Cannot read the ${what} "${path}": ${why}`, {
      hint: "Paths are relative to the working directory.",
      cause,
    });
  }
}
