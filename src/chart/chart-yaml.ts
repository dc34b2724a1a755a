import { goJsonEncode } from "../base/go-json.ts";
import type { GoStruct } from "../base/go-objects.ts";
import { writeYamlPlain } from "../base/yaml/write.ts";
import { lockStruct, metadataStruct } from "./go-struct.ts";
import type { ChartLock, ChartMetadata } from "./types.ts";

/** Chart.yaml as Helm writes it: fields by name, without empty ones. Of a v1 chart the dependencies are elsewhere. */
export function chartYaml(metadata: ChartMetadata): string {
  const { dependencies, ...rest } = metadata;
  return toYaml(metadataStruct(metadata.apiVersion === "v1" || dependencies === undefined ? rest : metadata));
}

/** All of the metadata, as a provenance file has it. */
export function metadataYaml(metadata: ChartMetadata): string {
  return toYaml(metadataStruct(metadata));
}

/** Chart.lock as Helm writes it. */
export function lockYaml(lock: ChartLock): string {
  return toYaml(lockStruct(lock));
}

// As in Helm, what becomes YAML was JSON first.
function toYaml(struct: GoStruct): string {
  return writeYamlPlain(JSON.parse(goJsonEncode(struct)));
}
