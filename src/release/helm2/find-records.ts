import { hasCode, type SlipwayError } from "../../base/error.ts";
import { stringAt, stringMapAt } from "../../base/json-path.ts";
import type { KubeClient, ObjectRef } from "../../kube/types.ts";
import type { Release } from "../types.ts";
import { readHelm2Release } from "./read-release.ts";

/** A record of Helm 2's, read, and the object that keeps it. */
export type Helm2Record = { ref: ObjectRef; release: Release };

type Options = { tillerNamespace: string; onUnreadable: (name: string, error: SlipwayError) => void };

const kinds = ["ConfigMap", "Secret"] as const;

/** Every record that Tiller keeps in its namespace, in ConfigMaps or Secrets, by release and revision. */
export async function findHelm2Records(kube: KubeClient, options: Options): Promise<Helm2Record[]> {
  const { tillerNamespace: namespace, onUnreadable } = options;
  const records: Helm2Record[] = [];
  for (const kind of kinds) {
    const { items } = await kube.list("v1", kind, { namespace, labels: { OWNER: "TILLER" } });
    for (const item of items) {
      const { name } = item.metadata;
      const data = stringAt(item, "data", "release") ?? "";
      try {
        const release = await readHelm2Release(
          kind === "Secret" ? Buffer.from(data, "base64").toString("latin1") : data,
        );
        // What the labels say now is what Tiller goes by.
        if (stringMapAt(item, "metadata", "labels")["NAME"] !== release.name) continue;
        records.push({ ref: { apiVersion: "v1", kind, namespace, name }, release });
      } catch (error) {
        if (!hasCode(error, "RELEASE_INVALID", "YAML_INVALID")) throw error;
        onUnreadable(name, error);
      }
    }
  }
  return records.sort((a, b) => byName(a.release.name, b.release.name) || a.release.revision - b.release.revision);
}

function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
