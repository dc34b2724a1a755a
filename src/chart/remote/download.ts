import { SlipwayError } from "../../base/error.ts";
import type { Incoming } from "./exchange.ts";
import type { Answer } from "./fetcher.ts";

/** What has come so far of one body, over several tries. */
export type Download = {
  limitBytes: number;
  chunks: Buffer[];
  bytes: number;
  /** What tells that the content is still the same. */
  validator: string | undefined;
  failure: unknown;
  last: Answer | undefined;
  /** The headers that ask for the rest alone. */
  resume(): Record<string, string>;
};

export function newDownload(limitBytes: number): Download {
  const download: Download = {
    limitBytes,
    chunks: [],
    bytes: 0,
    validator: undefined,
    failure: undefined,
    last: undefined,
    resume: () =>
      download.bytes > 0 && download.validator !== undefined
        ? { range: `bytes=${download.bytes}-`, "if-range": download.validator }
        : {},
  };
  return download;
}

/** The whole body. Throws where it breaks off; what has come by then is kept for the next try. */
export async function readInto(download: Download, { status, headers, message }: Incoming, method: string) {
  if (!goesOn(download, status, headers["content-range"])) restart(download);
  const packed = headers["content-encoding"] === "gzip";
  if (status === 200) download.validator = packed ? undefined : validatorOf(headers);
  try {
    for await (const chunk of message) keep(download, chunk as Buffer);
  } catch (cause) {
    if (cause instanceof SlipwayError) throw cause;
    throw new Error(`the answer broke off after ${download.bytes} bytes`, { cause });
  } finally {
    message.destroy();
  }
  if (!message.complete && method !== "HEAD") throw new Error(`the answer broke off after ${download.bytes} bytes`);
  const body = Buffer.concat(download.chunks, download.bytes);
  restart(download);
  return packed ? await unpack(body, download.limitBytes) : body;
}

function restart(download: Download): void {
  download.chunks = [];
  download.bytes = 0;
  download.validator = undefined;
}

function goesOn({ bytes }: Download, status: number, range: string | undefined): boolean {
  return status === 206 && bytes > 0 && range?.startsWith(`bytes ${bytes}-`) === true;
}

// A weak tag can stand for other bytes.
function validatorOf({ etag, "last-modified": modified }: Incoming["headers"]): string | undefined {
  return etag !== undefined && !etag.startsWith("W/") ? etag : modified;
}

function keep(download: Download, chunk: Buffer): void {
  download.bytes += chunk.length;
  if (download.bytes > download.limitBytes) throw tooLong(download.limitBytes);
  download.chunks.push(chunk);
}

async function unpack(body: Buffer, limitBytes: number): Promise<Buffer> {
  const { gunzipSync } = await import("node:zlib");
  try {
    return gunzipSync(body, { maxOutputLength: limitBytes });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLong(limitBytes);
    throw new Error("the answer broke off inside its compression", { cause });
  }
}

function tooLong(limitBytes: number): SlipwayError {
  return new SlipwayError("CHART_LIMIT", `The server sent more than ${Math.round(limitBytes / 1024 / 1024)} MiB`);
}
