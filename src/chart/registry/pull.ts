import { hasCode, SlipwayError } from "../../base/error.ts";
import { sha256 } from "../../base/sha256.ts";
import { chartLimits } from "../budget.ts";
import { type ContentCache, checkDigest } from "../content-cache.ts";
import { isExactVersion, matchingVersions, versionOrNothing } from "../pick-version.ts";
import { checkStatus } from "../remote/check-status.ts";
import { openRegistry, pullScope, type Registry, type RegistryOptions } from "./client.ts";
import { chartLayer, type Descriptor, type Manifest, mediaTypes, provenanceLayer, readManifest } from "./manifest.ts";
import { chartNameOf, formatReference, fromTag, type OciReference, toTag } from "./reference.ts";
import { versionTags } from "./tags.ts";

export type PulledChart = {
  /** With the tag that was found and without a scheme. */
  reference: OciReference;
  /** Of the manifest, with `sha256:`. */
  digest: string;
  manifest: Manifest;
  bytes: Buffer;
  fileName: string;
  provenance(): Promise<Buffer | undefined>;
};

export type PullOptions = RegistryOptions & { cache: ContentCache };

const manifestLimitBytes = 4 * 1024 * 1024;
const accept = `${mediaTypes.manifest},${mediaTypes.index},application/vnd.docker.distribution.manifest.v2+json`;

/** Pulls a chart; every part of it is checked against its digest. */
export async function pullChart(wanted: OciReference, version: string, options: PullOptions): Promise<PulledChart> {
  const { cache } = options;
  const registry = openRegistry(wanted.host, options);
  const reference = await chooseTag(registry, wanted, version);
  const isExact = isExactVersion(fromTag(wanted.tag ?? version));
  const { bytes: manifestBytes, digest } = await fetchManifest(registry, reference, { ...options, isExact });
  const what = formatReference(reference);
  const manifest = await chartManifest(readManifest(manifestBytes, what), registry, reference, cache);
  const bytes = await fetchBlob(registry, reference, chartLayer(manifest, what), cache);
  return {
    reference,
    digest,
    manifest,
    bytes,
    fileName: `${chartNameOf(reference)}-${fromTag(reference.tag ?? digest.replace("sha256:", ""))}.tgz`,
    async provenance() {
      const layer = provenanceLayer(manifest);
      return layer === undefined ? undefined : await fetchBlob(registry, reference, layer, cache);
    },
  };
}

/** The reference with the tag that the version, or range of versions, means. */
export async function chooseTag(registry: Registry, wanted: OciReference, version: string): Promise<OciReference> {
  const asked = version === "" ? (wanted.tag ?? "") : toTag(version);
  if (wanted.tag !== undefined && asked !== wanted.tag) {
    throw new SlipwayError("INPUT_INVALID", `The reference names "${wanted.tag}", --version "${version}"`, {
      hint: "Name the version once.",
    });
  }
  if (wanted.digest !== undefined) return asked === "" ? wanted : { ...wanted, tag: asked };
  // A tag of the reference need not be a version.
  if (wanted.tag !== undefined || versionOrNothing(version) !== undefined) return { ...wanted, tag: asked };
  const tags = await versionTags(registry, wanted);
  for (const found of matchingVersions(
    tags.map((tag) => ({ version: tag })),
    version,
  )) {
    return { ...wanted, tag: toTag(found.version) };
  }
  throw new SlipwayError("CHART_NOT_FOUND", `${formatReference(wanted)} has no version that is "${version || "*"}"`, {
    hint: tags.length > 0 ? `The newest is ${tags[0]}.` : "None of its tags is a version.",
  });
}

type FoundManifest = { bytes: Buffer; digest: string };

type ManifestOptions = PullOptions & { /** Whether one version was named, which does not change. */ isExact: boolean };

/**
 * By digest, or as an exact version that is in the cache, from there; by another tag as the registry has it now, or where
 * that can't be reached, as it was last.
 */
async function fetchManifest(
  registry: Registry,
  reference: OciReference,
  { isExact, ...options }: ManifestOptions,
): Promise<FoundManifest> {
  const { cache } = options;
  if (reference.digest !== undefined) return await pinnedManifest(registry, reference, reference.digest, cache);
  const name = formatReference(reference);
  const noted = cache.note("tag", name);
  const kept = noted === undefined ? undefined : cache.get(noted);
  if (noted === undefined || kept === undefined) return await askManifest(registry, reference, cache);
  if (isExact) return { bytes: kept, digest: noted };
  const hasty = openRegistry(reference.host, { ...options, network: { ...options.network, isHasty: true } });
  try {
    const head = await hasty.ask({
      path: manifestPath(reference, reference.tag ?? ""),
      method: "HEAD",
      scope: pullScope(reference),
      headers: { accept },
      limitBytes: 0,
    });
    if (head.status === 200 && head.headers["docker-content-digest"] === noted) return { bytes: kept, digest: noted };
  } catch (error) {
    if (!hasCode(error, "CHART_UNREACHABLE")) throw error;
    return { bytes: kept, digest: noted };
  }
  return await askManifest(registry, reference, cache);
}

async function askManifest(registry: Registry, reference: OciReference, cache: ContentCache): Promise<FoundManifest> {
  const found = await getManifest(registry, reference, reference.tag ?? "");
  cache.put(found.bytes);
  cache.setNote("tag", formatReference(reference), found.digest);
  return found;
}

/** The manifest with the digest; fails with CHART_DIGEST where the registry has another one there. */
export async function pinnedManifest(
  registry: Registry,
  reference: OciReference,
  digest: string,
  cache: ContentCache,
): Promise<FoundManifest> {
  const kept = cache.get(digest);
  const bytes = kept ?? (await getManifest(registry, reference, digest)).bytes;
  checkDigest(bytes, digest, `The manifest of ${formatReference(reference)}`);
  cache.put(bytes);
  return { bytes, digest };
}

async function getManifest(registry: Registry, reference: OciReference, name: string): Promise<FoundManifest> {
  const answer = await registry.ask({
    path: manifestPath(reference, name),
    scope: pullScope(reference),
    headers: { accept },
    limitBytes: manifestLimitBytes,
  });
  const what = formatReference(reference);
  checkStatus(answer, `pull ${what}`);
  const said = answer.headers["docker-content-digest"];
  if (typeof said === "string" && said.startsWith("sha256:")) checkDigest(answer.body, said, `The manifest of ${what}`);
  return { bytes: answer.body, digest: `sha256:${sha256(answer.body)}` };
}

function manifestPath({ repository }: OciReference, name: string): string {
  return `${repository}/manifests/${name}`;
}

// Some tools wrap a chart's manifest into a list of its own.
async function chartManifest(manifest: Manifest, registry: Registry, reference: OciReference, cache: ContentCache) {
  if (manifest.layers.length > 0 || manifest.manifests.length === 0) return manifest;
  for (const { digest } of manifest.manifests.slice(0, 10)) {
    const inner = await pinnedManifest(registry, { ...reference, digest }, digest, cache);
    const read = readManifest(inner.bytes, formatReference(reference));
    if (read.config?.mediaType === mediaTypes.config) return read;
  }
  return manifest;
}

export async function fetchBlob(
  registry: Registry,
  reference: OciReference,
  { digest, size }: Descriptor,
  cache: ContentCache,
): Promise<Buffer> {
  const kept = cache.get(digest);
  if (kept !== undefined) return kept;
  const what = formatReference(reference);
  if (size > chartLimits.bytes) throw new SlipwayError("CHART_LIMIT", `${what} is larger than a chart may be`);
  const answer = await registry.ask({
    path: `${reference.repository}/blobs/${digest}`,
    scope: pullScope(reference),
    limitBytes: chartLimits.bytes,
  });
  checkStatus(answer, `pull ${what}`);
  checkDigest(answer.body, digest, what);
  cache.put(answer.body);
  return answer.body;
}
