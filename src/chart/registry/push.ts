import { SlipwayError } from "../../base/error.ts";
import { goJsonEncode } from "../../base/go-json.ts";
import { sha256 } from "../../base/sha256.ts";
import type { ContentCache } from "../content-cache.ts";
import { metadataStruct } from "../go-struct.ts";
import { loadPackedChart } from "../load-chart.ts";
import { checkStatus } from "../remote/check-status.ts";
import type { Answer } from "../remote/fetcher.ts";
import { ociAnnotations } from "./annotations.ts";
import { openRegistry, pushScope, type Registry, type RegistryOptions } from "./client.ts";
import { type Descriptor, mediaTypes } from "./manifest.ts";
import { formatReference, type OciReference, parseReference, toTag } from "./reference.ts";

export type PushedChart = { reference: string; digest: string };

export type ChartToPush = { bytes: Buffer; fileName: string; provenance?: Buffer; created: Date };

const limitBytes = 1024 * 1024;
const mostUploads = 3;

/** With a cache, what is pushed is what this machine takes the version for from now on. */
type PushOptions = RegistryOptions & { cache?: ContentCache };

type Blob = { descriptor: Descriptor; bytes: Uint8Array };

/** Uploads a packed chart under `remote`, by its own name and version, with the manifest that Helm would write. */
export async function pushChart(chart: ChartToPush, remote: string, options: PushOptions): Promise<PushedChart> {
  const { metadata } = loadPackedChart(chart.bytes, chart.fileName);
  const reference = parseReference(`${remote.replace(/\/+$/, "")}/${metadata.name}:${toTag(metadata.version)}`);
  const registry = openRegistry(reference.host, options);
  const config = blob(mediaTypes.config, Buffer.from(goJsonEncode(metadataStruct(metadata))));
  const layers = [blob(mediaTypes.chart, chart.bytes)];
  if (chart.provenance !== undefined) layers.push(blob(mediaTypes.provenance, chart.provenance));
  layers.sort((a, b) => (a.descriptor.digest < b.descriptor.digest ? -1 : 1));
  for (const part of [config, ...layers]) await pushBlob(registry, reference, part);
  const manifest = {
    schemaVersion: 2,
    config: config.descriptor,
    layers: layers.map(({ descriptor }) => descriptor),
    annotations: sorted(ociAnnotations(metadata, chart.created)),
  };
  const bytes = Buffer.from(goJson(manifest));
  const pushed = await pushManifest(registry, reference, bytes);
  options.cache?.put(bytes);
  options.cache?.setNote("tag", pushed.reference, pushed.digest);
  return pushed;
}

function blob(mediaType: string, bytes: Uint8Array): Blob {
  return { descriptor: { mediaType, digest: `sha256:${sha256(bytes)}`, size: bytes.length }, bytes };
}

// An upload whose answer was lost is over when it is tried again, and may be there all the same.
async function pushBlob(registry: Registry, reference: OciReference, blob: Blob): Promise<void> {
  for (let tries = 1; !(await isThere(registry, reference, blob)); tries++) {
    const answer = await upload(registry, reference, blob);
    if (answer.status === 404 && tries < mostUploads) continue;
    checkStatus(answer, `push to ${formatReference(reference)}`);
    return;
  }
}

async function isThere(registry: Registry, reference: OciReference, { descriptor }: Blob): Promise<boolean> {
  const path = `${reference.repository}/blobs/${descriptor.digest}`;
  const answer = await registry.ask({ path, method: "HEAD", scope: pushScope(reference), limitBytes: 0 });
  return answer.status === 200;
}

async function upload(registry: Registry, reference: OciReference, { descriptor, bytes }: Blob): Promise<Answer> {
  const scope = pushScope(reference);
  const path = `${reference.repository}/blobs/uploads/`;
  const begun = await registry.ask({ path, method: "POST", scope, body: Buffer.alloc(0), limitBytes });
  checkStatus(begun, `push to ${formatReference(reference)}`);
  const place = uploadPlace(begun.headers["location"], begun.url);
  place.searchParams.set("digest", descriptor.digest);
  const headers = { "content-type": "application/octet-stream" };
  return await registry.ask({ path: place, method: "PUT", scope, headers, body: bytes, limitBytes });
}

async function pushManifest(registry: Registry, reference: OciReference, bytes: Buffer): Promise<PushedChart> {
  const answer = await registry.ask({
    path: `${reference.repository}/manifests/${reference.tag ?? ""}`,
    method: "PUT",
    scope: pushScope(reference),
    headers: { "content-type": mediaTypes.manifest },
    body: bytes,
    limitBytes,
  });
  checkStatus(answer, `push ${formatReference(reference)}`);
  return { reference: formatReference(reference), digest: `sha256:${sha256(bytes)}` };
}

function uploadPlace(location: string | undefined, from: URL): URL {
  const place = location !== undefined && URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (place?.protocol === "https:" || (place?.protocol === "http:" && from.protocol === "http:")) return place;
  throw new SlipwayError("CHART_UNREACHABLE", `The registry ${from.host} names no place to upload to`);
}

// With the fields in this order, and with the marks of HTML written as Go does.
function goJson(value: object): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (mark) => {
    return `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

// As Go's maps are written.
function sorted(annotations: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : 1)));
}
