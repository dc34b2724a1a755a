import { spawn } from "node:child_process";
import { helmBinaries } from "../helm-binaries.ts";
import { helmArguments } from "./render-case.ts";
import type { HelmOutcome, Outcome } from "./types.ts";

/** What the real Helm prints for a chart; `cwd` is what the paths are relative to. */
export function runHelm(helm: "3" | "4", chart: string, values: readonly string[], cwd?: string): Promise<Outcome> {
  const files = values.flatMap((file) => ["-f", file]);
  const child = spawn(helmBinaries[helm], ["template", "rel", chart, ...helmArguments, ...files], { cwd });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve({ output: Buffer.concat(output).toString("utf8") });
      else resolve({ error: Buffer.concat(errors).toString("utf8").trim() });
    });
  });
}

/** The same twice, so that what differs from run to run can be told. */
export async function runHelmTwice(...call: Parameters<typeof runHelm>): Promise<HelmOutcome> {
  const [first, second] = [await runHelm(...call), await runHelm(...call)];
  if ("error" in first || "error" in second || first.output === second.output) return first;
  return { ...first, others: [second.output] };
}
