import { SlipwayError } from "../../base/error.ts";
import { inCluster } from "./in-cluster.ts";
import type { ConnectionOptions } from "./options.ts";
import { selectContext } from "./select.ts";
import { loadKubeconfig } from "./source.ts";

/** The namespace that a kubeconfig, or the pod that this runs in, works in; `undefined` where neither says one. */
export function contextNamespace(
  { kubeconfig, context }: Pick<ConnectionOptions, "kubeconfig" | "context">,
  env: NodeJS.ProcessEnv,
): string | undefined {
  try {
    const documents = loadKubeconfig(kubeconfig || undefined, env);
    return documents.length > 0 ? selectContext(documents, context).namespace : inCluster(env)?.namespace;
  } catch (error) {
    // Whoever doesn't need the cluster needs no good kubeconfig.
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}
