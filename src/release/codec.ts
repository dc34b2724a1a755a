import { promisify } from "node:util";
import { constants, gunzip, gzip } from "node:zlib";
import { SlipwayError } from "../base/error.ts";
import type { Release } from "./types.ts";
import { releaseFromWire, releaseToWire } from "./wire.ts";

/** What the API server takes as the data of one Secret or ConfigMap. */
export const maxRecordLength = 1024 * 1024;
const maxJsonBytes = 64 * 1024 * 1024;

const gzipAsync = promisify(gzip);
const gunzipAsync = promisify(gunzip);

/** The text under `data.release`, however long: base64 of the gzipped JSON. LIMIT_EXCEEDED where nobody could read it. */
export async function encodeRelease(release: Release): Promise<string> {
  return await zipJson(releaseToWire(release), `Revision ${release.revision} of ${release.name}`);
}

/** The reverse; also of JSON that is not gzipped. RELEASE_INVALID where the text is no record. */
export async function decodeRelease(text: string, labels: Record<string, string>): Promise<Release> {
  return releaseFromWire(await unzipJson(text), labels);
}

export async function zipJson(value: unknown, what = "A record"): Promise<string> {
  const json = Buffer.from(jsonOf(value, what));
  if (json.length > maxJsonBytes) {
    throw new SlipwayError("LIMIT_EXCEEDED", `${what} has more than ${maxJsonBytes / 1024 / 1024} MiB`, {
      hint: "Keep files that the chart does not need out of it, with .helmignore.",
    });
  }
  const zipped = await gzipAsync(json, { level: constants.Z_BEST_COMPRESSION });
  return zipped.toString("base64");
}

export async function unzipJson(text: string): Promise<unknown> {
  const bytes = Buffer.from(text, "base64");
  const gzipped = bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
  try {
    const json = gzipped ? await gunzipAsync(bytes, { maxOutputLength: maxJsonBytes }) : bytes;
    return JSON.parse(json.toString("utf8"));
  } catch (cause) {
    throw new SlipwayError("RELEASE_INVALID", "The record is not base64 of (gzipped) JSON", { cause });
  }
}

function jsonOf(value: unknown, what: string): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    // JSON.stringify recurses: values nested deeper than the stack end here.
    if (!(cause instanceof RangeError)) throw cause;
    throw new SlipwayError("LIMIT_EXCEEDED", `${what} is nested too deeply`, { cause });
  }
}
