import type { GoValue } from "../base/go-value.ts";
import { anyList, bool, decodeStruct, listOf, text, textList, textMap } from "./decode-struct.ts";
import type { ChartLock, ChartMetadata, Dependency, Maintainer } from "./types.ts";

/** What Chart.yaml or requirements.yaml says, as it is written: nothing is checked but the types. */
export function decodeMetadata(document: GoValue): Partial<ChartMetadata> {
  return decodeStruct<ChartMetadata>(document, "Metadata", {
    name: text,
    home: text,
    sources: textList,
    version: text,
    description: text,
    keywords: textList,
    maintainers: listOf(decodeMaintainer) as (value: GoValue, path: string) => Maintainer[],
    icon: text,
    apiVersion: text,
    condition: text,
    tags: text,
    appVersion: text,
    deprecated: bool,
    annotations: textMap,
    kubeVersion: text,
    dependencies: listOf(decodeDependency) as (value: GoValue, path: string) => Dependency[],
    type: text,
  });
}

export function decodeLock(document: GoValue): ChartLock {
  const lock = decodeStruct<ChartLock>(document, "Lock", {
    generated: text,
    digest: text,
    dependencies: listOf(decodeDependency) as (value: GoValue, path: string) => Dependency[],
  });
  return { ...lock, dependencies: lock.dependencies ?? [] };
}

function decodeMaintainer(value: GoValue): Maintainer {
  return decodeStruct<Maintainer>(value, "Maintainer", { name: text, email: text, url: text });
}

function decodeDependency(value: GoValue): Dependency {
  const dependency = decodeStruct<Dependency>(value, "Dependency", {
    name: text,
    version: text,
    repository: text,
    condition: text,
    tags: textList,
    enabled: bool,
    "import-values": anyList,
    alias: text,
  });
  return { ...dependency, name: dependency.name ?? "" };
}
