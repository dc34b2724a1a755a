import { SlipwayError } from "../base/error.ts";
import { type Program, runProgram } from "../base/run-program.ts";

/** Takes a stream of YAML documents, gives another. */
export type PostRender = (manifests: string) => Promise<string>;

const maxBytes = 256 * 1024 * 1024;

/** A post-renderer that is a program: it reads the documents on its standard input and prints them changed. */
export function programPostRenderer(program: Program, signal?: AbortSignal): PostRender {
  return async (manifests) => {
    const { code, output, errors, failure } = await runProgram(program, manifests, {
      maxBytes,
      ...(signal && { signal }),
    });
    if (code === 0) return output;
    signal?.throwIfAborted();
    throw failed(program, failure ?? `it ended with exit code ${code}`, errors);
  };
}

function failed({ command }: Program, why: string, errors: string): SlipwayError {
  const isMissing = why === "there is no such program";
  return new SlipwayError("RENDER_POST_RENDERER", `Cannot run the post-renderer "${command}": ${why}`, {
    ...(errors.trim() !== "" && { detail: errors.trimEnd() }),
    hint: isMissing
      ? "Name a program on the PATH or its path. Of a plugin of Helm 4, name the program that the plugin runs."
      : "It has to read YAML documents on its standard input and to print them on its standard output.",
  });
}
