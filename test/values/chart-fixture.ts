import type { GoMap } from "../../src/base/go-value.ts";
import { readYaml } from "../../src/base/yaml/read.ts";
import type { Chart, ChartMetadata, Dependency } from "../../src/chart/types.ts";

/** A chart with nothing but a name, default values and subcharts. */
export function chart(name: string, values = "{}", dependencies: Chart[] = [], declared?: Dependency[]): Chart {
  const metadata: ChartMetadata = {
    apiVersion: "v2",
    name,
    version: "1.0.0",
    ...(declared && { dependencies: declared }),
  };
  return { metadata, templates: [], files: [], raw: [], values: yaml(values), dependencies, origin: name };
}

export function yaml(text: string): GoMap {
  const value = readYaml(text);
  if (value instanceof Map) return value;
  throw new Error(`not a map: ${text}`);
}
