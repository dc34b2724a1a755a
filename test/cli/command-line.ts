import { run } from "../../src/cli/run.ts";

export type Printed = { code: number; out: string; err: string };

/** Runs one command line in this process, as a terminal without colours sees it. */
export async function commandLine(words: string[], env: Record<string, string> = {}): Promise<Printed> {
  let out = "";
  let err = "";
  const code = await run(words, {
    out: {
      write(text) {
        out += text;
      },
    },
    err: {
      write(text) {
        err += text;
      },
    },
    // No kubeconfig of whoever runs the tests.
    env: { KUBECONFIG: "/nonexistent/kubeconfig", ...env },
    isTty: false,
    signal: new AbortController().signal,
  });
  return { code, out, err };
}
