import type { GoMap } from "../base/go-value.ts";
import type { Chart } from "../chart/types.ts";

/** One YAML document of a rendered chart that is an object of the cluster. */
export type Manifest = {
  /** The template it came from, as in `# Source:`: `shop/templates/deployment.yaml`. */
  source: string;
  /** The document's text, without separator and `# Source:` line. */
  content: string;
  apiVersion: string;
  kind: string;
  name: string;
};

export type HookEvent =
  | "pre-install"
  | "post-install"
  | "pre-delete"
  | "post-delete"
  | "pre-upgrade"
  | "post-upgrade"
  | "pre-rollback"
  | "post-rollback"
  | "test";
export type HookDeletePolicy = "before-hook-creation" | "hook-succeeded" | "hook-failed";
export type HookOutputLogPolicy = "hook-succeeded" | "hook-failed";

export type Hook = Manifest & {
  events: HookEvent[];
  weight: number;
  deletePolicies: HookDeletePolicy[];
  outputLogPolicies: HookOutputLogPolicy[];
};

export type Rendered = {
  /** In Helm's install order. */
  manifests: Manifest[];
  /** In the order of the rendered files; they run by weight, kind and name. */
  hooks: Hook[];
  /** Objects under `crds/` of the chart and its enabled subcharts: never templated, installed first. */
  crds: Manifest[];
  notes: string;
  /** The manifest text as Helm records and prints it: each document behind `---` and its `# Source:` line. */
  manifest: string;
  /** Of the chart, its subcharts' included; the chart as the record keeps it. */
  chart: Chart;
  /** What the user set, apart from the chart's defaults; the record keeps it as `config`. */
  config: GoMap;
};

export type { HelmVersion } from "../base/helm-version.ts";

/** What `.Capabilities` says. */
export type Capabilities = {
  kubeVersion: { version: string; major: string; minor: string };
  apiVersions: string[];
};

/** Reads for the `lookup` function; `undefined` where there is nothing. */
export type Lookup = (apiVersion: string, kind: string, namespace: string, name: string) => unknown;
