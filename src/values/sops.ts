import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SlipwayError } from "../base/error.ts";
import type { GoValue } from "../base/go-value.ts";
import { type ProgramResult, runProgram } from "../base/run-program.ts";
import { readYaml } from "../base/yaml/read.ts";

export type DecryptOptions = {
  file: string;
  /** Called with each text that was encrypted. */
  onSecret: (secret: string) => void;
  signal?: AbortSignal;
};

const maxBytes = 32 * 1024 * 1024;

/** Whether SOPS has encrypted the file: it then has a map `sops` with a code of the whole. */
export function isEncrypted(text: string): boolean {
  return /^[ \t]*"?sops"?\s*:/m.test(text) && /"?mac"?\s*:\s*["']?ENC\[/.test(text);
}

/** What the `sops` on the PATH makes of the file. The texts in it that were encrypted are told as secrets. */
export async function decrypt(text: string, { file, onSecret, signal }: DecryptOptions): Promise<string> {
  const result = await withFile(text, (path) => runSops(text, path, signal));
  if (result.code === undefined && result.failure === "there is no such program") throw missing(file);
  if (result.code !== 0) {
    throw new SlipwayError("VALUES_INVALID", `Cannot decrypt "${file}": sops failed`, {
      where: file,
      detail: lastLines(result.errors) || (result.failure ?? `it ended with code ${result.code}`),
      hint: "Give the step the key that the file is encrypted for, such as SOPS_AGE_KEY or the cloud's credentials.",
    });
  }
  tellSecrets(readYaml(text, { source: file }), readYaml(result.output, { source: file }), onSecret);
  return result.output;
}

/** Not every sops takes its input from a pipe. What lies in the file is encrypted. */
async function withFile<Result>(text: string, use: (path: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-sops-"));
  try {
    const path = join(folder, "values");
    writeFileSync(path, text, { mode: 0o600 });
    return await use(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runSops(text: string, path: string, signal: AbortSignal | undefined): Promise<ProgramResult> {
  const kind = text.trimStart().startsWith("{") ? "json" : "yaml";
  const args = ["--decrypt", "--input-type", kind, "--output-type", kind, path];
  return runProgram({ command: "sops", args }, "", { maxBytes, ...(signal && { signal }) });
}

function missing(file: string): SlipwayError {
  return new SlipwayError("VALUES_INVALID", `Cannot decrypt "${file}": there is no sops on the PATH`, {
    where: file,
    hint: "Add a step before this one that installs it, such as - run: curl -fsSLo sops https://github.com/getsops/sops/releases/download/v3.11.0/sops-v3.11.0.linux.amd64 && sudo install sops /usr/local/bin/ and give this step the key (SOPS_AGE_KEY, or the cloud's credentials).",
  });
}

/** Walks both forms at once: what is `ENC[…]` in the one is a secret in the other. */
function tellSecrets(encrypted: GoValue, plain: GoValue, onSecret: (secret: string) => void): void {
  if (typeof encrypted === "string") {
    if (encrypted.startsWith("ENC[") && ["string", "number", "bigint"].includes(typeof plain)) onSecret(String(plain));
  } else if (Array.isArray(encrypted)) {
    for (const [index, item] of encrypted.entries()) {
      tellSecrets(item, Array.isArray(plain) ? (plain[index] ?? null) : null, onSecret);
    }
  } else if (encrypted instanceof Map && plain instanceof Map) {
    for (const [key, item] of encrypted) tellSecrets(item, plain.get(key) ?? null, onSecret);
  }
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-10).join("\n");
}
