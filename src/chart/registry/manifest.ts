import { SlipwayError } from "../../base/error.ts";
import { isJsonObject, stringAt } from "../../base/json-path.ts";

export const mediaTypes = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
  config: "application/vnd.cncf.helm.config.v1+json",
  chart: "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
  legacyChart: "application/tar+gzip",
  provenance: "application/vnd.cncf.helm.chart.provenance.v1.prov",
} as const;

export type Descriptor = {
  mediaType: string;
  digest: string;
  size: number;
  artifactType?: string;
  annotations?: Record<string, string>;
};

export type Manifest = { config: Descriptor | undefined; layers: Descriptor[]; manifests: Descriptor[] };

/** Reads a manifest, or a list of them; fails with CHART_INVALID. */
export function readManifest(bytes: Uint8Array, what: string): Manifest {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch (cause) {
    throw new SlipwayError("CHART_INVALID", `The manifest of ${what} is not JSON`, { cause });
  }
  if (!isJsonObject(document)) throw new SlipwayError("CHART_INVALID", `The manifest of ${what} is not an object`);
  return {
    config: readDescriptor(document["config"]),
    layers: readDescriptors(document["layers"]),
    manifests: readDescriptors(document["manifests"]),
  };
}

/** The layer that holds the chart; throws where what was pulled is something else. */
export function chartLayer(manifest: Manifest, what: string): Descriptor {
  const layer =
    manifest.layers.find(({ mediaType }) => mediaType === mediaTypes.chart) ??
    manifest.layers.find(({ mediaType }) => mediaType === mediaTypes.legacyChart);
  if (manifest.config?.mediaType === mediaTypes.config && layer !== undefined) return layer;
  throw new SlipwayError("CHART_INVALID", `${what} is no Helm chart`, {
    hint: `Its manifest has a ${manifest.config?.mediaType ?? "missing"} config. Is it an image?`,
  });
}

export function provenanceLayer({ layers }: Manifest): Descriptor | undefined {
  return layers.find(({ mediaType }) => mediaType === mediaTypes.provenance);
}

function readDescriptors(value: unknown): Descriptor[] {
  return Array.isArray(value)
    ? value
        .slice(0, 1000)
        .map(readDescriptor)
        .filter((found) => found !== undefined)
    : [];
}

function readDescriptor(value: unknown): Descriptor | undefined {
  const digest = stringAt(value, "digest");
  if (!isJsonObject(value) || digest === undefined) return undefined;
  const { size, annotations } = value;
  const artifactType = stringAt(value, "artifactType");
  return {
    mediaType: stringAt(value, "mediaType") ?? "",
    digest,
    size: typeof size === "number" && size >= 0 ? size : 0,
    ...(artifactType !== undefined && { artifactType }),
    ...(isJsonObject(annotations) && { annotations: annotations as Record<string, string> }),
  };
}
