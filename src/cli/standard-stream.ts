import { fstatSync, statSync, writeSync } from "node:fs";

export type StandardStream = {
  write(text: string): void;
  readonly columns?: number | undefined;
  readonly isTty: boolean;
};

/**
 * A standard stream of this process. What is a file, a pipe or /dev/null is written to at once: Node's own object, which brings
 * twenty of Node's modules along, is made only for a terminal or a socket that is asked about or written to, and for a pipe
 * that takes no more for now.
 */
export function standardStream(descriptor: 1 | 2): StandardStream {
  const node = () => own(descriptor, descriptor === 1 ? process.stdout : process.stderr);
  if (!isPlain(descriptor)) {
    let stream: NodeJS.WriteStream | undefined;
    const made = () => {
      stream ??= node();
      return stream;
    };
    return {
      write: (text) => void made().write(text),
      get columns() {
        return made().columns;
      },
      get isTty() {
        return made().isTTY === true;
      },
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

function own(descriptor: 1 | 2, stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return stream.on("error", (error) => lose(descriptor, error));
}

const lost = new Set<number>();

/**
 * A reader that has seen enough, as `| head`, closes the pipe, and a disk may be full. A deploy goes on to its end all the
 * same; what could not be told is said there.
 */
function lose(descriptor: 1 | 2, { code, message }: NodeJS.ErrnoException): void {
  if (code === "EPIPE" || lost.has(descriptor)) return;
  lost.add(descriptor);
  process.once("exit", (exitCode) => {
    process.exitCode = exitCode || 1;
    const name = descriptor === 1 ? "output" : "error";
    writeAll(2, Buffer.from(`Error: the standard ${name} is not whole: ${message}\n`));
  });
}

function isPlain(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isFile() || stats.isFIFO() || (stats.isCharacterDevice() && stats.rdev === statSync("/dev/null").rdev);
  } catch {
    return false;
  }
}

/** What is left when the reader of a pipe is slower than we are; nothing where none of it can be written any more. */
function writeAll(descriptor: 1 | 2, bytes: Buffer): Buffer {
  let from = 0;
  while (from < bytes.length) {
    try {
      from += writeSync(descriptor, bytes, from);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return bytes.subarray(from);
      lose(descriptor, error as NodeJS.ErrnoException);
      break;
    }
  }
  return bytes.subarray(bytes.length);
}
