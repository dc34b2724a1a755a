import { spawn } from "node:child_process";

export type Program = { command: string; args: readonly string[] };

export type ProgramResult = {
  /** `undefined` where it could not be started, or was ended by a signal. */
  code: number | undefined;
  output: string;
  errors: string;
  /** Why it could not be started, or which signal ended it. */
  failure?: string;
};

const maxErrorBytes = 64 * 1024;

/** Runs a program, no shell between, with a text as its input. What it prints beyond `maxBytes` ends it. */
export function runProgram(
  { command, args }: Program,
  input: string,
  { maxBytes, signal }: { maxBytes: number; signal?: AbortSignal },
): Promise<ProgramResult> {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], ...(signal && { signal }) });
  const output = collect(child.stdout, maxBytes, () => child.kill());
  const errors = collect(child.stderr, maxErrorBytes, () => {});
  // A program may end without reading all of its input.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return new Promise((resolve) => {
    let failure: string | undefined;
    child.on("error", (error: NodeJS.ErrnoException) => {
      failure = error.code === "ENOENT" ? "there is no such program" : (error.code ?? error.message);
      if (child.pid === undefined) resolve({ code: undefined, output: "", errors: "", failure });
    });
    child.on("close", (code, ended) => {
      const result = { code: code ?? undefined, output: output.text(), errors: errors.text() };
      const reason = output.isFull() ? `it printed more than ${maxBytes} bytes` : (failure ?? ended);
      resolve(reason ? { ...result, code: undefined, failure: reason } : result);
    });
  });
}

function collect(stream: NodeJS.ReadableStream, maxBytes: number, onFull: () => void) {
  const parts: Buffer[] = [];
  let size = 0;
  stream.on("data", (part: Buffer) => {
    size += part.length;
    if (size <= maxBytes) parts.push(part);
    else onFull();
  });
  return { text: () => Buffer.concat(parts).toString("utf8"), isFull: () => size > maxBytes };
}
