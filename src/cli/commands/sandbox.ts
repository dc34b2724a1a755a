import { writeFileSync } from "node:fs";
import { startSandbox } from "../../sandbox/sandbox.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { flagReader, optional } from "../read-flags.ts";

/** `slipway sandbox`: serves a Kubernetes API in memory until it is stopped. */
export async function sandbox({ flags, terminal }: Invocation): Promise<ExitCode> {
  const read = flagReader(flags);
  const port = read.number("port", 0);
  const served = await startSandbox(optional("port", port || undefined));
  const path = read.string("write-kubeconfig") ?? "slipway-sandbox.kubeconfig";
  writeFileSync(path, served.kubeconfig, { mode: 0o600 });
  terminal.out.write(`A Kubernetes API in memory listens on ${served.url}
In another terminal: export KUBECONFIG=${path}
Images end well, except with the tags :crash, :missing, :never-ready and :exit1. Ctrl-C stops it and forgets everything.
`);
  await aborted(terminal.signal);
  await served.close();
  return 0;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    // An abort listener alone does not keep the process alive; the server does.
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
