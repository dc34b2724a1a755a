import { readFileSync } from "node:fs";
import type { KubeObject } from "../../src/kube/types.ts";
import type { Release, ReleaseStatus } from "../../src/release/types.ts";

/** A Secret as the API server gave it back after the real Helm had written it; see fixtures/record.sh. */
export function recordedSecret(name: "helm3-1" | "helm3-3" | "helm4-1" | "helm4-3"): KubeObject {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8"));
}

/** The text that Helm put under `data.release`. */
export function recordedText(secret: KubeObject): string {
  const data = secret["data"] as { release: string };
  return Buffer.from(data.release, "base64").toString("latin1");
}

export function release(revision: number, status: ReleaseStatus, more: Partial<Release> = {}): Release {
  return {
    name: "shop",
    namespace: "prod",
    revision,
    status,
    description: `Revision ${revision}`,
    firstDeployed: "2026-01-02T03:04:05.123456789Z",
    lastDeployed: "2026-01-02T03:04:05.123456789Z",
    notes: "",
    chart: { metadata: { name: "shop", version: "1.0.0" } },
    config: {},
    manifest: "",
    hooks: [],
    labels: {},
    ...more,
  };
}
