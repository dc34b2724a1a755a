import { fstatSync, writeSync } from "node:fs";

export type StandardStream = { write(text: string): void; readonly columns?: number; readonly isTty: boolean };

/**
 * A standard stream of this process. What is a file or a pipe is written to at once: Node's own object, which brings twenty
 * of Node's modules along, is made only for a terminal, and for a pipe that takes no more for now.
 */
export function standardStream(descriptor: 1 | 2): StandardStream {
  const node = () => own(descriptor === 1 ? process.stdout : process.stderr);
  if (!isPlain(descriptor)) {
    const stream = node();
    return {
      write: (text) => void stream.write(text),
      ...(stream.columns && { columns: stream.columns }),
      isTty: stream.isTTY === true,
    };
  }
  let waiting: NodeJS.WriteStream | undefined;
  return {
    isTty: false,
    write(text) {
      if (waiting === undefined) {
        const rest = writeAll(descriptor, Buffer.from(text));
        if (rest.length > 0) waiting = node();
        waiting?.write(rest);
      } else waiting.write(text);
    },
  };
}

// A reader that has seen enough, as `| head`, closes the pipe. A deploy goes on to its end all the same.
function own(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  return stream;
}

function isPlain(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isFile() || stats.isFIFO();
  } catch {
    return false;
  }
}

/** What is left when the reader of a pipe is slower than we are; nothing where it has closed it. */
function writeAll(descriptor: number, bytes: Buffer): Buffer {
  let from = 0;
  while (from < bytes.length) {
    try {
      from += writeSync(descriptor, bytes, from);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN") return bytes.subarray(from);
      if (code === "EPIPE") break;
      throw error;
    }
  }
  return bytes.subarray(bytes.length);
}
