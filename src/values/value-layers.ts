import { SlipwayError } from "../base/error.ts";
import type { GoMap } from "../base/go-value.ts";
import { helmDifferences } from "../base/helm-differences.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import { type Position, type Positions, positionsOf } from "../base/yaml/positions.ts";
import { copyMap, mergeMaps } from "../chart/merge-maps.ts";
import { readValues, valueDocuments } from "../chart/read-values.ts";
import { parseJsonObject } from "./json-prefix.ts";
import { SetError, setValues, type ValueSyntax } from "./set-parser.ts";
import { isJsonObject, jsonSyntax, notJson } from "./set-syntax.ts";
import type { ValuePath } from "./value-path.ts";

/** One source of values; later layers win. */
export type ValueLayer = {
  /** As the user knows it: a file's path, `values`, `--set`. What is set may be secret, so it is not part of it. */
  name: string;
  /** Of a file: where the path, or the nearest part of it, stands in its text. */
  place?(path: ValuePath): Position | undefined;
  /** What it says by itself. */
  values(): GoMap;
  /** The values with its own over them; may change those that it is given. */
  over(values: GoMap): GoMap;
};

// Expressions that come later change parts of maps, so what a layer gives away is a copy.
export function fileLayer(name: string, text: string, helm: HelmVersion): ValueLayer {
  const values = readValues(text, name, helm);
  return {
    name,
    place: placesIn(text, name, helm),
    values: () => values,
    over: (below) => mergeMaps(below, copyMap(values)),
  };
}

/** What a recorded revision was deployed with. */
export function recordLayer(name: string, values: GoMap): ValueLayer {
  return { name, values: () => values, over: (below) => mergeMaps(below, values) };
}

/** Finds lines in a values file: reads it once more, when first asked. */
export function placesIn(text: string, name: string, helm: HelmVersion): (path: ValuePath) => Position | undefined {
  let documents: Positions[] | undefined;
  return (path) => {
    // The last document wins.
    documents ??= valueDocuments(text, name, helm)
      .map((document) => positionsOf(document, name))
      .reverse();
    for (const document of documents) {
      const found = document.find(path);
      if (found !== undefined) return found;
    }
    return documents.map((document) => document.nearest(path)).find((found) => found !== undefined);
  };
}

/** One expression of the `--set` family. */
export function setLayer(flag: string, expression: string, syntax: ValueSyntax): ValueLayer {
  const over = (values: GoMap): GoMap => {
    try {
      setValues(expression, values, syntax);
      return values;
    } catch (cause) {
      if (!(cause instanceof SetError)) throw cause;
      throw new SlipwayError("VALUES_INVALID", `Cannot read ${flag} ${expression}: ${cause.message}`, {
        hint: "Write name=value, name.below=value, name[0]=value or name={a,b}; put \\ before a comma or dot that is text.",
        cause,
      });
    }
  };
  return { name: flag, values: () => over(new Map()), over };
}

/** `--set-json`, which in Helm 4 also takes a whole object. */
export function jsonLayer(expression: string, helm: HelmVersion): ValueLayer {
  const over = (values: GoMap): GoMap => {
    try {
      if (helmDifferences[helm].setsWholeObjects && isJsonObject(expression)) {
        return mergeMaps(values, parseJsonObject(expression.trim()));
      }
      setValues(expression, values, jsonSyntax);
      return values;
    } catch (cause) {
      if (cause instanceof SetError) throw notJson(expression, cause);
      throw cause;
    }
  };
  return { name: "--set-json", values: () => over(new Map()), over };
}

export function mergeLayers(layers: readonly ValueLayer[]): GoMap {
  return layers.reduce<GoMap>((values, layer) => layer.over(values), new Map());
}
