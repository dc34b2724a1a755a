import { type ClientOptions, createKubeClient } from "./client.ts";
import type { ConnectionOptions } from "./config/options.ts";
import { resolveConnection } from "./config/resolve.ts";
import type { KubeClient } from "./types.ts";

/** A client for the cluster that the options, the kubeconfig or the environment name; fails with KUBE_CONFIG. */
export async function connect(options: ConnectionOptions & ClientOptions = {}): Promise<KubeClient> {
  return createKubeClient(resolveConnection(options, process.env), options);
}
