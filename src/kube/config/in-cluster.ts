import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { withTokenFile } from "../auth/credentials.ts";
import type { Connection } from "../connection.ts";

const defaultFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The connection of a pod to its own cluster, through its service account; `undefined` outside of one. */
export function inCluster(env: NodeJS.ProcessEnv, folder = defaultFolder): Connection | undefined {
  const host = env["KUBERNETES_SERVICE_HOST"];
  const port = env["KUBERNETES_SERVICE_PORT"] ?? "443";
  const tokenFile = join(folder, "token");
  if (!host || !existsSync(tokenFile)) return undefined;

  const caFile = join(folder, "ca.crt");
  const namespaceFile = join(folder, "namespace");
  const namespace = existsSync(namespaceFile) ? readFileSync(namespaceFile, "utf8").trim() : "";
  return {
    server: new URL(`https://${host.includes(":") ? `[${host}]` : host}:${port}`),
    namespace: namespace || "default",
    tls: { insecure: false, ...(existsSync(caFile) && { ca: readFileSync(caFile, "utf8") }) },
    authenticate: withTokenFile(tokenFile),
  };
}
