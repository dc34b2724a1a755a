import type { Cluster } from "../cluster.ts";
import { definitionController } from "./custom.ts";
import { daemonSetController } from "./daemon-set.ts";
import { deploymentController } from "./deployment.ts";
import { runControllers } from "./engine.ts";
import { collectGarbage } from "./garbage.ts";
import { type JobOptions, jobController } from "./job.ts";
import { namespaceController } from "./namespace.ts";
import { type NodeOptions, nodeController } from "./node.ts";
import { budgetController, scalerController } from "./policy.ts";
import { replicaSetController } from "./replica-set.ts";
import { serviceController } from "./service.ts";
import { statefulSetController } from "./stateful-set.ts";
import { claimController } from "./storage.ts";

/** Every controller of the sandbox. */
export function startControllers(cluster: Cluster, options: NodeOptions & JobOptions): void {
  const tools = runControllers(cluster, [
    namespaceController,
    definitionController,
    deploymentController,
    replicaSetController,
    statefulSetController,
    daemonSetController,
    jobController(options),
    claimController,
    nodeController(options),
    serviceController,
    budgetController,
    scalerController,
  ]);
  collectGarbage(cluster, tools.owners);
}
