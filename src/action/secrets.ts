import { SlipwayError } from "../base/error.ts";
import { arrayAt, isJsonObject, objectAt, stringAt } from "../base/json-path.ts";
import { loadKubeconfig } from "../kube/config/source.ts";
import type { ConnectionInputs } from "./inputs.ts";

/** Members of a kubeconfig's user that prove who it is. */
const secretFields = ["token", "password", "client-key-data"];

/** What of the inputs, and of the kubeconfig that they or the environment name, must never be seen. */
export async function secretsOf(
  { kubeconfig, token }: Pick<ConnectionInputs, "kubeconfig" | "token">,
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  const given = token === undefined ? [] : [token];
  // Base64 of a kubeconfig is as good as the kubeconfig.
  const packed = kubeconfig !== undefined && /^[A-Za-z0-9+/\s]{40,}=*$/.test(kubeconfig.trim()) ? [kubeconfig] : [];
  return [...given, ...packed, ...(await kubeconfigSecrets(kubeconfig, env))];
}

async function kubeconfigSecrets(kubeconfig: string | undefined, env: NodeJS.ProcessEnv): Promise<string[]> {
  try {
    const documents = await loadKubeconfig(kubeconfig, env);
    return documents.flatMap(({ document }) =>
      arrayAt(document, "users").flatMap((user) => userSecrets(objectAt(user, "user"))),
    );
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    // Why it can't be read is told when it is needed; until then any long line of it may be a secret.
    return (kubeconfig ?? "").includes("\n")
      ? (kubeconfig ?? "").split("\n").filter((line) => line.trim().length >= 16)
      : [];
  }
}

function userSecrets(user: unknown): string[] {
  const plain = secretFields.flatMap((field) => stringAt(user, field) ?? []);
  const key = stringAt(user, "client-key-data");
  const environment = arrayAt(user, "exec", "env").flatMap((entry) => stringAt(entry, "value") ?? []);
  const provider = objectAt(user, "auth-provider", "config");
  const provided = isJsonObject(provider) ? Object.values(provider).filter((value) => typeof value === "string") : [];
  const tokens = [...environment, ...provided].filter((value) => value.length >= 16 && !/^https?:|^[./~]/.test(value));
  return [...plain, ...(key ? [Buffer.from(key, "base64").toString("utf8")] : []), ...tokens];
}

/** Each line of each secret by itself: a runner masks line by line. */
export function maskableLines(secrets: readonly string[]): string[] {
  const lines = secrets.flatMap((secret) => [secret.trim(), ...secret.split(/\r?\n/).map((line) => line.trim())]);
  // Nobody's secret, and masked they would tear every text apart.
  const isWorthIt = (line: string) => line.length >= 4 && !/^-+(BEGIN|END) /.test(line);
  return [...new Set(lines)].filter((line) => isWorthIt(line) && !line.includes("\n"));
}
