import { stringMapAt } from "../base/json-path.ts";
import type { KubeObject } from "../kube/types.ts";
import { recordName, systemLabels } from "./name.ts";
import type { Release } from "./types.ts";

/**
 * A record that nobody can read, as the place that it takes in a history: its number is not given to another revision,
 * and it goes when its turn comes. Nothing where the object is not named as records are.
 */
export function unreadableRevision({ metadata }: KubeObject): Release[] {
  const all = stringMapAt(metadata, "labels");
  const { name = "", version = "" } = all;
  const revision = Number(version);
  if (!/^[1-9]\d{0,8}$/.test(version) || metadata.name !== recordName(name, revision)) return [];
  const own = Object.entries(all).filter(([key]) => !systemLabels.has(key));
  return [
    {
      name,
      namespace: metadata.namespace ?? "",
      revision,
      status: "unknown",
      description: "Its record can't be read",
      firstDeployed: "",
      lastDeployed: "",
      notes: "",
      chart: {},
      config: {},
      manifest: "",
      hooks: [],
      labels: Object.fromEntries(own),
      isUnreadable: true,
    },
  ];
}
