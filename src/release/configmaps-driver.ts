import { stringAt } from "../base/json-path.ts";
import type { KubeClient } from "../kube/types.ts";
import { type RecordFormat, type RecordsDriverOptions, recordsDriver } from "./records-driver.ts";
import type { ReleaseDriver } from "./types.ts";

const format: RecordFormat = {
  kind: "ConfigMap",
  write: (text) => ({ data: { release: text } }),
  read: (configMap) => stringAt(configMap, "data", "release"),
};

/** Keeps each revision in one ConfigMap, as Helm does with HELM_DRIVER=configmap. */
export function configMapsDriver(
  kube: KubeClient,
  namespace: string | undefined,
  options: RecordsDriverOptions = {},
): ReleaseDriver {
  return recordsDriver(format, kube, namespace, options);
}
