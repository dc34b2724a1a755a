import { SlipwayError } from "../../base/error.ts";

const limitBytes = 32 * 1024 * 1024;
const newline = 10;

/** Whole lines of a stream, without their ends; the last may have none. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      const line = Buffer.concat([...pending, chunk.subarray(start, end)]).toString("utf8");
      pending = [];
      pendingBytes = 0;
      start = end + 1;
      if (line !== "") yield line;
    }
    if (start === chunk.length) continue;
    pending.push(chunk.subarray(start));
    pendingBytes += chunk.length - start;
    if (pendingBytes > limitBytes) throw new SlipwayError("LIMIT_EXCEEDED", "The API server sent an event over 32 MiB");
  }
  if (pending.length > 0) yield Buffer.concat(pending).toString("utf8");
}
