import type { HelmVersion } from "../base/helm-version.ts";

/** Each way in which what Helm 3 and Helm 4 render differs. docs/helm-differences.md tells them at length. */
export type HelmBehaviour = {
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
  /** Template functions that are there. */
  readonly extraFunctions: boolean;
  /** An error of a template is told as a chain of places and causes; else in one line. */
  readonly errorsAsChain: boolean;
};

export const helmDifferences: Readonly<Record<HelmVersion, HelmBehaviour>> = {
  "3": {
    cutsAtGluedSeparators: false,
    ordersWebhooks: false,
    chartIsMap: false,
    keepsKubeVersionSuffix: false,
    valuesType: "chartutil.Values",
    capabilitiesPackage: "chartutil",
    extraFunctions: false,
    errorsAsChain: false,
  },
  "4": {
    cutsAtGluedSeparators: true,
    ordersWebhooks: true,
    chartIsMap: true,
    keepsKubeVersionSuffix: true,
    valuesType: "common.Values",
    capabilitiesPackage: "common",
    extraFunctions: true,
    errorsAsChain: true,
  },
};
