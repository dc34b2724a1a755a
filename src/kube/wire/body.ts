import { pipeline, type Readable } from "node:stream";
import { ConnectionError, type WireResponse } from "./wire.ts";

/** Chunks of the answer, unpacked; fails with ConnectionError when it breaks off. */
export async function* chunksOf(response: WireResponse): AsyncGenerator<Buffer> {
  const packed = response.headers["content-encoding"] === "gzip";
  const source = packed ? await unpacked(response.body) : response.body;
  try {
    for await (const chunk of source) yield chunk as Buffer;
    if (!response.isWhole()) throw new Error("the connection was closed");
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ConnectionError(`the answer broke off: ${message}`, { sent: true, cause });
  } finally {
    response.body.destroy();
  }
}

async function unpacked(body: Readable): Promise<Readable> {
  const { createGunzip } = await import("node:zlib");
  // Unlike a pipe, a pipeline hands on what goes wrong, also what has gone wrong already.
  return pipeline(body, createGunzip(), () => {});
}

/** The whole answer as text; `undefined` when it is longer than the limit. */
export async function readText(response: WireResponse, limitBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(response)) {
    bytes += chunk.length;
    if (bytes > limitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString("utf8");
}
