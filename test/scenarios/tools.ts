import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../src/cli/run.ts";
import { connect } from "../../src/kube/connect.ts";
import type { KubeClient } from "../../src/kube/types.ts";
import { type Part, partPath } from "../parts.ts";

export type Ended = { code: number; out: string; err: string };

/** One cluster to try Slipway on, with the other tools that speak to it. */
export type World = {
  kubeconfig: string;
  kube: KubeClient;
  /** In this process, as the CLI would. */
  slipway(...words: string[]): Promise<Ended>;
  helm3(...words: string[]): Promise<Ended>;
  helm4(...words: string[]): Promise<Ended>;
  kubectl(...words: string[]): Promise<Ended>;
  close(): void;
};

/** A world on the cluster that the kubeconfig, its path or its text, names; `more` is in the environment of all tools. */
export async function makeWorld(given: string, more: Record<string, string> = {}): Promise<World> {
  const home = mkdtempSync(join(tmpdir(), "slipway-home-"));
  const kubeconfig = given.includes("\n") ? join(home, "kubeconfig") : given;
  if (kubeconfig !== given) writeFileSync(kubeconfig, given, { mode: 0o600 });
  const kube = await connect({ kubeconfig });
  const env = { PATH: process.env["PATH"] ?? "", HOME: home, KUBECONFIG: kubeconfig, ...more };
  const tool =
    (part: Part, ...before: string[]) =>
    (...words: string[]) =>
      runTool(partPath(part), [...before, ...words], env);
  return {
    kubeconfig,
    kube,
    slipway: (...words) => runSlipway([...words, "--kubeconfig", kubeconfig], undefined, more),
    helm3: tool("helm3"),
    helm4: tool("helm4"),
    kubectl: tool("localcluster", "kubectl"),
    close() {
      kube.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Runs one command line of the CLI in this process. */
export async function runSlipway(
  words: readonly string[],
  signal = new AbortController().signal,
  env: Record<string, string> = {},
): Promise<Ended> {
  const [out, err] = [collector(), collector()];
  const code = await run(words, { out, err, env, isTty: false, signal });
  return { code, out: out.text(), err: err.text() };
}

export function runTool(path: string, words: readonly string[], env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, words, { env, stdio: ["ignore", "pipe", "pipe"] });
    const [out, err] = [collector(), collector()];
    child.stdout.setEncoding("utf8").on("data", out.write);
    child.stderr.setEncoding("utf8").on("data", err.write);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, out: out.text(), err: err.text() }));
  });
}

function collector() {
  const parts: string[] = [];
  return { write: (text: string) => void parts.push(text), text: () => parts.join("") };
}
