import { SlipwayError } from "../base/error.ts";
import { helmDifferences } from "../base/helm-differences.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import type { Capabilities } from "./types.ts";

export type KubeVersion = Capabilities["kubeVersion"];

/** Reads `--kube-version`: `1.31`, `v1.33.4-gke.1245000`. INPUT_INVALID where it is no version. */
export function parseKubeVersion(text: string, helm: HelmVersion): KubeVersion {
  const normal = normalize(text);
  if (normal === undefined) {
    throw new SlipwayError("INPUT_INVALID", `Cannot read the Kubernetes version "${text}"`, {
      hint: "Write it as 1.31 or v1.31.2.",
    });
  }
  const [major = "", minor = ""] = normal.split(".");
  const full = text.startsWith("v") ? text : `v${text}`;
  return { version: helmDifferences[helm].keepsKubeVersionSuffix ? full : `v${normal}`, major, minor };
}

/** What a chart's `kubeVersion` is held against: the numbers alone, where the version can be read at all. */
export function comparableKubeVersion({ version }: KubeVersion): string {
  const normal = normalize(version);
  return normal === undefined ? version : `v${normal}`;
}

/** Two or more numbers with dots between; what follows them is dropped. */
function normalize(text: string): string | undefined {
  const numbers = /^\s*v?([0-9]+(?:\.[0-9]+)+)/.exec(text)?.[1]?.split(".");
  if (numbers === undefined || /^0\d/.test(numbers[0] ?? "")) return undefined;
  return numbers.map((number) => BigInt(number)).join(".");
}
