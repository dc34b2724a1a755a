import { createGunzip } from "node:zlib";
import { ConnectionError, type WireResponse } from "./wire.ts";

/** Chunks of the answer, unpacked; fails with ConnectionError when it breaks off. */
export async function* chunksOf(response: WireResponse): AsyncGenerator<Buffer> {
  const packed = response.headers["content-encoding"] === "gzip";
  const source = packed ? response.body.pipe(createGunzip()) : response.body;
  // A pipe hands on data and end, but not what goes wrong.
  if (packed) {
    response.body.once("error", (error) => source.destroy(error));
    response.body.once("close", () => {
      if (!response.body.readableEnded) source.destroy(new Error("the connection was closed"));
    });
  }
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
