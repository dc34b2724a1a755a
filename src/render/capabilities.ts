import { GoSlice, GoStruct, TaggedStruct } from "../base/go-objects.ts";
import type { GoMap, GoValue } from "../base/go-value.ts";
import { helmDifferences } from "../base/helm-differences.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import { defaultApiVersions, defaultKubeVersion, helmBuilds } from "./default-capabilities.ts";
import { comparableKubeVersion, parseKubeVersion } from "./kube-version.ts";
import type { Capabilities } from "./types.ts";

/** What Helm assumes of a cluster that it can't ask, with the versions that the user names. */
export function offlineCapabilities(
  helm: HelmVersion,
  { kubeVersion, apiVersions = [] }: { kubeVersion?: string; apiVersions?: readonly string[] } = {},
): Capabilities {
  return {
    kubeVersion: parseKubeVersion(kubeVersion ?? defaultKubeVersion, helm),
    apiVersions: apiVersions.length === 0 ? [...defaultApiVersions] : [...defaultApiVersions, ...apiVersions],
  };
}

/** What `.Capabilities` is in a template. */
export function capabilitiesObject(capabilities: Capabilities, helm: HelmVersion): GoValue {
  const { capabilitiesPackage } = helmDifferences[helm];
  return new GoStruct(
    `*${capabilitiesPackage}.Capabilities`,
    new Map<string, GoValue>([
      ["KubeVersion", new KubeVersionObject(capabilities, helm)],
      ["APIVersions", new VersionSet(`${capabilitiesPackage}.VersionSet`, capabilities.apiVersions)],
      ["HelmVersion", helmVersionObject(helm)],
    ]),
  );
}

class KubeVersionObject extends GoStruct {
  constructor({ kubeVersion }: Capabilities, helm: HelmVersion) {
    const fields: GoMap = new Map([["Version", kubeVersion.version]]);
    // Helm 4's hidden field shows when the struct is printed as a whole.
    if (helmDifferences[helm].keepsKubeVersionSuffix)
      fields.set("normalizedVersion", comparableKubeVersion(kubeVersion));
    fields.set("Major", kubeVersion.major).set("Minor", kubeVersion.minor);
    super(`${helmDifferences[helm].capabilitiesPackage}.KubeVersion`, fields);
  }

  override field(name: string): GoValue | undefined {
    if (name === "normalizedVersion") return undefined;
    if (name === "GitVersion") return this.fields.get("Version");
    return name === "String" ? this.addressedText() : this.fields.get(name);
  }

  override jsonFields(): GoMap {
    return new Map([...this.fields].filter(([name]) => name !== "normalizedVersion"));
  }

  override copy(): this {
    return this;
  }

  override addressedText(): string {
    return String(this.fields.get("normalizedVersion") ?? this.fields.get("Version"));
  }
}

class VersionSet extends GoSlice {
  readonly #versions: ReadonlySet<string>;

  constructor(goType: string, versions: readonly string[]) {
    super(goType, [...versions]);
    this.#versions = new Set(versions);
  }

  override method(name: string): ((...args: GoValue[]) => GoValue) | undefined {
    if (name !== "Has") return undefined;
    return Object.assign((version: GoValue) => this.#versions.has(String(version)), { params: ["string"] });
  }

  override copy(): this {
    return this;
  }
}

function helmVersionObject(helm: HelmVersion): GoStruct {
  const build = helmBuilds[helm];
  const fields: GoMap = new Map([
    ["Version", build.version],
    ["GitCommit", ""],
    ["GitTreeState", ""],
    ["GoVersion", build.goVersion],
  ]);
  if ("kubeClientVersion" in build) fields.set("KubeClientVersion", build.kubeClientVersion);
  return new TaggedStruct("version.BuildInfo", fields, {
    Version: "version?",
    GitCommit: "git_commit?",
    GitTreeState: "git_tree_state?",
    GoVersion: "go_version?",
    KubeClientVersion: "kube_client_version",
  });
}
