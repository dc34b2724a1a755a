import { pipeline, type Readable } from "node:stream";
import { ConnectionError, type WireResponse } from "./wire.ts";

/** Chunks of the answer, unpacked; fails with ConnectionError when it breaks off. */
export async function* chunksOf(response: WireResponse): AsyncGenerator<Buffer> {
  const packed = response.headers["content-encoding"] === "gzip";
  try {
    for await (const chunk of packed ? await unpacked(response.body) : rawChunksOf(response.body))
      yield chunk as Buffer;
    if (!response.isWhole()) throw new Error("the connection was closed");
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ConnectionError(`the answer broke off: ${message}`, { sent: true, cause });
  } finally {
    response.body.destroy();
  }
}

/**
 * Node's own iterator, and its pipeline, take an HTTP/2 stream for broken that is closed before they begin, though all
 * of the answer waits in it.
 */
async function* rawChunksOf(body: Readable): AsyncGenerator<Buffer> {
  let failure: Error | undefined;
  let wake = () => {};
  const onEvent = () => wake();
  const onError = (error: Error) => {
    failure = error;
    wake();
  };
  body.on("readable", onEvent).on("end", onEvent).on("close", onEvent).on("error", onError);
  for (;;) {
    const chunk: Buffer | null = body.destroyed ? null : body.read();
    if (chunk !== null) yield chunk;
    else if (failure ?? body.errored) throw failure ?? body.errored;
    else if (body.readableEnded) return;
    else if (body.destroyed) throw new Error("the connection was closed");
    else
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  }
}

async function unpacked(body: Readable): Promise<Readable> {
  const { createGunzip } = await import("node:zlib");
  // Unlike a pipe, a pipeline hands on what goes wrong, also what has gone wrong already.
  return pipeline(rawChunksOf(body), createGunzip(), () => {});
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
