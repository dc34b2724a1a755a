import type { GoMap, GoValue } from "../base/go-value.ts";
import { helmDifferences } from "../base/helm-differences.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import { NamedMap, type NamedMapMethod } from "../base/named-map.ts";
import { writeYaml } from "../base/yaml/write.ts";
import { FunctionError } from "../template/function.ts";
import { tableAt, valueAt } from "../values/value-path.ts";

/** What `.Values` is in a template: a map, and the few methods that charts call on it. */
export function asValues(values: GoMap, helm: HelmVersion): NamedMap {
  return new NamedMap(helmDifferences[helm].valuesType, values, methods);
}

export function emptyValues(helm: HelmVersion): NamedMap {
  return asValues(new Map(), helm);
}

const methods: Readonly<Record<string, NamedMapMethod>> = {
  AsMap: (self) => (self instanceof NamedMap ? self.plain : self),
  YAML: (self) => writeYaml(self),
  Table: (self, path) => orFail(tableAt(self, String(path)), `"${path}" is not a table`),
  PathValue: (self, path) => orFail(valueAt(self, String(path)), `"${path}" is not a value`),
};

function orFail(value: GoValue | undefined, reason: string): GoValue {
  if (value === undefined) throw new FunctionError(reason);
  return value;
}
