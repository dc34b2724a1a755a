import { setSecret } from "@actions/core";
import { createRedactor } from "../base/redact.ts";
import type { ConnectionInputs } from "./inputs.ts";
import { maskableLines, secretsOf } from "./secrets.ts";

export type Redact = (text: string) => string;
/** `keepSecret` adds one that comes up later. */
export type Masking = { redact: Redact; keepSecret: (secret: string) => void };

/**
 * Has the runner mask the secrets of the inputs in its log, and gives what takes them out of texts that do not pass
 * through the log: the summary and the outputs.
 */
export async function maskSecrets(connection: Pick<ConnectionInputs, "kubeconfig" | "token">): Promise<Masking> {
  const redactor = createRedactor();
  const keep = (secrets: readonly string[]) => {
    for (const secret of maskableLines(secrets)) {
      setSecret(secret);
      redactor.add(secret);
    }
  };
  keep(await secretsOf(connection, process.env));
  return { redact: redactor.redact, keepSecret: (secret) => keep([secret]) };
}
