import { SlipwayError } from "../base/error.ts";
import type { KubeClient } from "../kube/types.ts";
import { configMapsDriver } from "./configmaps-driver.ts";
import { memoryDriver } from "./memory-driver.ts";
import type { RecordsDriverOptions } from "./records-driver.ts";
import { secretsDriver } from "./secrets-driver.ts";
import type { ReleaseDriver } from "./types.ts";

type DriverOptions = RecordsDriverOptions & {
  /** As `HELM_DRIVER` names it; `secret` where absent. */
  kind: string | undefined;
};

/** The driver by Helm's name for it. Without a namespace it lists those of all, and can't record. */
export function driverFor(kube: KubeClient, namespace: string | undefined, options: DriverOptions): ReleaseDriver {
  switch (options.kind || "secret") {
    case "secret":
    case "secrets":
      return secretsDriver(kube, namespace, options);
    case "configmap":
    case "configmaps":
      return configMapsDriver(kube, namespace, options);
    case "memory":
      return memoryDriver();
    default:
      throw new SlipwayError("INPUT_INVALID", `HELM_DRIVER can't be "${options.kind}"`, {
        hint: "It has to be secret, configmap or memory.",
      });
  }
}
