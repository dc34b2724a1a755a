import { objectAt, stringMapAt } from "../../base/json-path.ts";
import { describeRef } from "../../kube/ref.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { Finding, HazardInput } from "./types.ts";

/** What one Secret or ConfigMap may hold. */
const maxDataBytes = 1024 * 1024;
const maxAnnotationBytes = 256 * 1024;

export function findLargeRecord({ record, release }: HazardInput): Finding[] {
  if (record === undefined || record.bytes <= maxDataBytes) return [];
  const { bytes, most } = record;
  const takes = `The record of ${release.name} would take ${bytes} bytes`;
  if (bytes > most) return [{ severity: "error", field: "data.release", message: `${takes}, and may take ${most}` }];
  const message = `${takes}, and one object holds ${maxDataBytes}: it is kept in parts, and Helm refuses to change the release`;
  return [{ field: "data.release", message }];
}

export function findLargeData({ changes }: HazardInput): Finding[] {
  return changes.flatMap(({ ref, desired }) => {
    if (desired === undefined || (ref.kind !== "ConfigMap" && ref.kind !== "Secret")) return [];
    const bytes = dataBytes(desired);
    if (bytes <= maxDataBytes) return [];
    return [{ ref, field: "data", message: `${describeRef(ref)} holds ${bytes} bytes, and may hold ${maxDataBytes}` }];
  });
}

function dataBytes(object: KubeObject): number {
  const sizes = (field: string, measure: (text: string) => number) =>
    Object.entries(objectAt(object, field) ?? {}).map(([, value]) => (typeof value === "string" ? measure(value) : 0));
  const isText = (text: string) => Buffer.byteLength(text);
  const isBase64 = (text: string) => Buffer.byteLength(text, "base64");
  const all = [
    ...sizes("data", object.kind === "Secret" ? isBase64 : isText),
    ...sizes("binaryData", isBase64),
    ...sizes("stringData", isText),
  ];
  return all.reduce((sum, size) => sum + size, 0);
}

export function findLargeAnnotations({ changes }: HazardInput): Finding[] {
  return changes.flatMap(({ ref, desired }) => {
    const annotations = stringMapAt(desired, "metadata", "annotations");
    const bytes = Object.entries(annotations).reduce(
      (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
      0,
    );
    if (bytes <= maxAnnotationBytes) return [];
    const message = `The annotations of ${describeRef(ref)} take ${bytes} bytes, and may take ${maxAnnotationBytes}`;
    return [{ ref, field: "metadata.annotations", message }];
  });
}
