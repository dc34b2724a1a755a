import { SlipwayError } from "../../base/error.ts";
import type { KubeObject } from "../../kube/types.ts";

/** What a preview may use, and who may reach it. */
export type PreviewLimits = {
  /** Of a ResourceQuota: `pods` → `20`. */
  quota: Readonly<Record<string, string>>;
  /** Namespaces whose pods may reach the preview's besides its own; anybody's where absent. */
  reachableFrom?: readonly string[];
};

export const limitsName = "slipway-preview";

/** `name=quantity` entries. Fails with INPUT_INVALID. */
export function parseQuota(entries: readonly string[]): Record<string, string> {
  const pairs = entries.map((entry): [string, string] => {
    const [, name, quantity] = /^([\w./-]{1,317})\s*=\s*([+-]?[\d.]+(?:[eE][+-]?\d+|[a-zA-Z]{0,2}))$/.exec(entry) ?? [];
    if (name !== undefined && quantity !== undefined) return [name, quantity];
    throw new SlipwayError("INPUT_INVALID", `"${entry.slice(0, 200)}" is not a part of a quota`, {
      hint: "Write a resource and a quantity, such as pods=20, requests.cpu=2 or limits.memory=4Gi.",
    });
  });
  return Object.fromEntries(pairs);
}

/** The objects that hold a preview to its limits. */
export function limitObjects({ quota, reachableFrom }: PreviewLimits, namespace: string): KubeObject[] {
  const metadata = { name: limitsName, namespace, labels: { "app.kubernetes.io/managed-by": "slipway" } };
  const objects: KubeObject[] = [];
  if (Object.keys(quota).length > 0) {
    objects.push({ apiVersion: "v1", kind: "ResourceQuota", metadata, spec: { hard: { ...quota } } });
  }
  if (reachableFrom !== undefined) {
    const others = reachableFrom.map((name) => ({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
    }));
    const spec = { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [{ podSelector: {} }, ...others] }] };
    objects.push({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec });
  }
  return objects;
}
