import type { HelmVersion } from "./helm-version.ts";

/** Each way in which what Helm 3 and Helm 4 render differs. docs/helm-differences.md tells them at length. */
export type HelmBehaviour = {
  /** A values file may hold several documents, which are merged, and its last line needs no end. */
  readonly mergesDocuments: boolean;
  /** `--set-json` also takes a whole object. */
  readonly setsWholeObjects: boolean;
  /** `--set 'a[0'` is an error; else such a rest is ignored. */
  readonly refusesOpenIndex: boolean;
  /** Charts of any `apiVersion` are loaded. */
  readonly takesAnyApiVersion: boolean;
  /** A null among a chart's defaults is as if it weren't there. */
  readonly dropsDefaultNulls: boolean;
  /** Where a chart is a dependency twice, under two names, its own subcharts are the same for both. */
  readonly sharesAliasedSubcharts: boolean;
  /** `---kind: Pod` is a separator and a first line; blanks around separators stay with the documents. */
  readonly cutsAtGluedSeparators: boolean;
  /** Webhook configurations have a place in the install order: behind all other known kinds, before unknown ones. */
  readonly ordersWebhooks: boolean;
  /** `.Chart` is a map, so that a name that isn't there reads as nothing; else a struct, and it is an error. */
  readonly chartIsMap: boolean;
  /** `.Capabilities.KubeVersion.Version` keeps a provider's suffix such as `-gke.1`. */
  readonly keepsKubeVersionSuffix: boolean;
  /** The type's name of `.Values`. */
  readonly valuesType: string;
  /** The package's name in front of `Capabilities` and its parts. */
  readonly capabilitiesPackage: string;
  /** Hooks go through a post-renderer, too; else it gets the sorted manifest, and what it prints is taken as it stands. */
  readonly postRendersHooks: boolean;
  /** The linter also wants Chart.yaml to have no unknown fields and a strict version, looks at `.yml`, and at `crds/`. */
  readonly strictLint: boolean;
  /** Template functions that are there. */
  readonly extraFunctions: boolean;
};

export const helmDifferences: Readonly<Record<HelmVersion, HelmBehaviour>> = {
  "3": {
    mergesDocuments: false,
    setsWholeObjects: false,
    refusesOpenIndex: true,
    takesAnyApiVersion: true,
    dropsDefaultNulls: false,
    sharesAliasedSubcharts: true,
    cutsAtGluedSeparators: false,
    ordersWebhooks: false,
    chartIsMap: false,
    keepsKubeVersionSuffix: false,
    valuesType: "chartutil.Values",
    capabilitiesPackage: "chartutil",
    postRendersHooks: false,
    strictLint: false,
    extraFunctions: false,
  },
  "4": {
    mergesDocuments: true,
    setsWholeObjects: true,
    refusesOpenIndex: false,
    takesAnyApiVersion: false,
    dropsDefaultNulls: true,
    sharesAliasedSubcharts: false,
    cutsAtGluedSeparators: true,
    ordersWebhooks: true,
    chartIsMap: true,
    keepsKubeVersionSuffix: true,
    valuesType: "common.Values",
    capabilitiesPackage: "common",
    postRendersHooks: true,
    strictLint: true,
    extraFunctions: true,
  },
};
