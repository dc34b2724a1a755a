import type { Cluster } from "../cluster.ts";
import { deploymentController } from "./deployment.ts";
import { runControllers } from "./engine.ts";
import { type NodeOptions, nodeController } from "./node.ts";
import { replicaSetController } from "./replica-set.ts";

/** Every controller of the sandbox. */
export function startControllers(cluster: Cluster, options: NodeOptions): void {
  runControllers(cluster, [deploymentController, replicaSetController, nodeController(options)]);
}
