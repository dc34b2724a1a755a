import { promisify } from "node:util";
import { constants, gunzip, gzip } from "node:zlib";
import { SlipwayError } from "../base/error.ts";
import { arrayAt, stringAt } from "../base/json-path.ts";
import type { Release } from "./types.ts";
import { releaseFromWire, releaseToWire } from "./wire.ts";

/** What the API server takes as the data of one Secret or ConfigMap. */
export const maxRecordLength = 1024 * 1024;
const maxJsonBytes = 64 * 1024 * 1024;

const gzipAsync = promisify(gzip);
const gunzipAsync = promisify(gunzip);

/** The text under `data.release`: base64 of the gzipped JSON. LIMIT_EXCEEDED where no object can hold it. */
export async function encodeRelease(release: Release): Promise<string> {
  const zipped = await gzipAsync(jsonOf(release), { level: constants.Z_BEST_COMPRESSION });
  const text = zipped.toString("base64");
  if (text.length > maxRecordLength) throw tooLarge(release, text.length);
  return text;
}

/** The reverse; also of JSON that is not gzipped. RELEASE_INVALID where the text is no record. */
export async function decodeRelease(text: string, labels: Record<string, string>): Promise<Release> {
  const bytes = Buffer.from(text, "base64");
  const gzipped = bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
  let wire: unknown;
  try {
    const json = gzipped ? await gunzipAsync(bytes, { maxOutputLength: maxJsonBytes }) : bytes;
    wire = JSON.parse(json.toString("utf8"));
  } catch (cause) {
    throw new SlipwayError("RELEASE_INVALID", "The record is not base64 of (gzipped) JSON", { cause });
  }
  return releaseFromWire(wire, labels);
}

function jsonOf(release: Release): string {
  try {
    return JSON.stringify(releaseToWire(release));
  } catch (cause) {
    // JSON.stringify recurses: values nested deeper than the stack end here.
    if (!(cause instanceof RangeError)) throw cause;
    throw new SlipwayError("LIMIT_EXCEEDED", `Revision ${release.revision} of ${release.name} is nested too deeply`, {
      cause,
    });
  }
}

function tooLarge(release: Release, length: number): SlipwayError {
  const largest = [...arrayAt(release.chart, "files"), ...arrayAt(release.chart, "templates")]
    .map((file) => ({ name: stringAt(file, "name") ?? "", size: stringAt(file, "data")?.length ?? 0 }))
    .reduce((a, b) => (b.size > a.size ? b : a), { name: "", size: 0 });
  const kib = Math.ceil(length / 1024);
  const message = `The record of ${release.name} revision ${release.revision} takes ${kib} KiB, and Kubernetes keeps at most ${maxRecordLength / 1024}`;
  const advice = largest.name === "" ? "" : ` The chart's largest file is ${largest.name}.`;
  return new SlipwayError("LIMIT_EXCEEDED", message, {
    hint: `Keep files that the chart does not need out of it, with .helmignore.${advice}`,
  });
}
