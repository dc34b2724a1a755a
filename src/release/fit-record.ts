import { SlipwayError } from "../base/error.ts";
import { arrayAt, stringAt } from "../base/json-path.ts";
import { sha256 } from "../base/sha256.ts";
import { encodeRelease, maxRecordLength, zipJson } from "./codec.ts";
import { hookToWire } from "./hook-wire.ts";
import { type PartsPlace, placeOfParts } from "./parts-place.ts";
import type { JsonObject, Release } from "./types.ts";

/** A record as the cluster can keep it: the text of its object, and what does not fit in there, cut into parts. */
export type FittedRecord = {
  text: string;
  parts: string[];
  place?: PartsPlace;
  /** What of the chart was left out, for people; nothing reads it from a record. */
  leftOut: string[];
};

// More would burden the cluster's own store.
export const maxParts = 16;

type Step = { what: string; leave: (chart: JsonObject) => JsonObject };

// What Helm needs of a recorded chart is its metadata and its values: a revision is never rendered again.
const steps: readonly Step[] = [
  { what: "its files", leave: (chart) => ({ ...chart, files: definitionsOf(chart) }) },
  { what: "its schema", leave: (chart) => ({ ...chart, schema: null }) },
  { what: "its templates", leave: (chart) => ({ ...chart, templates: null }) },
  { what: "its definitions (CRDs)", leave: (chart) => ({ ...chart, files: null }) },
];

/**
 * Leaves out what nobody reads from a record until it fits in one object. Where the manifest itself is too large, its
 * object says so in the manifest's place, in a way that Helm lists and refuses to change, and parts hold the rest.
 * LIMIT_EXCEEDED where that would be too many.
 */
export async function fitRecord(release: Release): Promise<FittedRecord> {
  const leftOut: string[] = [];
  let { chart } = release;
  let text = await encodeRelease(release);
  for (const { what, leave } of steps) {
    if (text.length <= maxRecordLength) return { text, parts: [], leftOut };
    const less = leave(chart);
    if (isSame(less, chart)) continue;
    chart = less;
    leftOut.push(what);
    text = await encodeRelease({ ...release, chart });
  }
  if (text.length <= maxRecordLength) return { text, parts: [], leftOut };
  return { ...(await inParts({ ...release, chart })), leftOut };
}

async function inParts(release: Release): Promise<Omit<FittedRecord, "leftOut">> {
  const { manifest, chart, config, notes } = release;
  const bulk = await zipJson({ manifest, hooks: release.hooks.map(hookToWire), chart, config, notes });
  const count = Math.ceil(bulk.length / maxRecordLength);
  if (count > maxParts) throw tooLarge(release, bulk.length);
  const parts = Array.from({ length: count }, (_, at) => bulk.slice(at * maxRecordLength, (at + 1) * maxRecordLength));
  const place = { count, sha256: sha256(bulk) };
  const { metadata, values } = chart;
  const bare = { ...release, manifest: placeOfParts(release, place), hooks: [] };
  const heads: Release[] = [
    { ...bare, chart: { metadata, values } },
    { ...bare, chart: { metadata } },
    { ...bare, chart: { metadata }, config: {}, notes: "" },
  ];
  for (const head of heads) {
    const text = await encodeRelease(head);
    if (text.length <= maxRecordLength) return { text, parts, place };
  }
  throw tooLarge(release, bulk.length);
}

function isSame(less: JsonObject, chart: JsonObject): boolean {
  return ["files", "schema", "templates"].every((field) => (less[field] ?? null) === (chart[field] ?? null));
}

function definitionsOf(chart: JsonObject): unknown {
  const files = arrayAt(chart, "files").filter((file) => stringAt(file, "name")?.startsWith("crds/"));
  if (files.length === arrayAt(chart, "files").length) return chart["files"];
  return files.length > 0 ? files : null;
}

function tooLarge({ name, revision }: Release, length: number): SlipwayError {
  const mib = Math.ceil(length / maxRecordLength);
  const message = `The record of ${name} revision ${revision} takes ${mib} MiB, and at most ${maxParts} can be kept`;
  return new SlipwayError("LIMIT_EXCEEDED", message, {
    hint: "Split the chart into several releases, or take large data out of its manifests.",
  });
}
