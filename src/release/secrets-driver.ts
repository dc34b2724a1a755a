import { stringAt } from "../base/json-path.ts";
import type { KubeClient } from "../kube/types.ts";
import { type RecordFormat, type RecordsDriverOptions, recordsDriver } from "./records-driver.ts";
import type { ReleaseDriver } from "./types.ts";

// Helm's base64 text lies inside the base64 that the API wants for every value of a Secret.
const format: RecordFormat = {
  kind: "Secret",
  write: (text) => ({ type: "helm.sh/release.v1", data: { release: Buffer.from(text, "latin1").toString("base64") } }),
  read: (secret) => {
    const data = stringAt(secret, "data", "release");
    return data === undefined ? undefined : Buffer.from(data, "base64").toString("latin1");
  },
};

/** Keeps each revision in one Secret that Helm itself can read back: Helm's own default. */
export function secretsDriver(
  kube: KubeClient,
  namespace: string | undefined,
  options: RecordsDriverOptions = {},
): ReleaseDriver {
  return recordsDriver(format, kube, namespace, options);
}
