import { SlipwayError } from "../../base/error.ts";
import { isNamespaceName, namespaceNameHint } from "../../kube/namespace-name.ts";
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

/** `from` is a list of namespaces, in which `self` stands for nobody else; anybody may reach the preview where it is empty. */
export function parseLimits(quota: readonly string[], from: readonly string[]): PreviewLimits {
  const reachableFrom = from.filter((name) => name !== "self");
  const wrong = reachableFrom.find((name) => !isNamespaceName(name));
  if (wrong !== undefined) {
    throw new SlipwayError("INPUT_INVALID", `"${wrong.slice(0, 200)}" can't be the name of a namespace`, {
      hint: namespaceNameHint,
    });
  }
  return { quota: parseQuota(quota), ...(from.length > 0 && { reachableFrom }) };
}

/** `name=value` entries, as labels of a namespace. Fails with INPUT_INVALID. */
export function parseLabels(entries: readonly string[]): Record<string, string> {
  const pairs = entries.map((entry): [string, string] => {
    const [, name, value] = /^([\w./-]{1,317})=((?:[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?)?)$/.exec(entry) ?? [];
    if (name !== undefined && value !== undefined) return [name, value];
    throw new SlipwayError("INPUT_INVALID", `"${entry.slice(0, 200)}" is no label`, {
      hint: "Write name=value, such as pod-security.kubernetes.io/enforce=baseline.",
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
