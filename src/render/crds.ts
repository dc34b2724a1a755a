import { fromBytes } from "../base/go-string.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import type { Chart } from "../chart/types.ts";
import { readHeads } from "./manifest-head.ts";
import { splitManifests } from "./split-manifests.ts";
import type { Manifest } from "./types.ts";

/** A file under `crds/` with the name that its `# Source:` line has. */
export type CrdFile = { source: string; text: string };

/** The chart's own files first, then each subchart's. */
export function crdFiles(chart: Chart, path = chart.metadata.name): CrdFile[] {
  const own = chart.files
    .filter(({ name }) => name.startsWith("crds/") && /\.(?:ya?ml|json)$/i.test(name))
    .map((file) => ({ source: `${path}/${file.name}`, text: fromBytes(file.data) }));
  const below = chart.dependencies.flatMap((subchart) =>
    crdFiles(subchart, `${path}/charts/${subchart.metadata.name}`),
  );
  return [...own, ...below];
}

export function crdManifests(chart: Chart, helm: HelmVersion): Manifest[] {
  return crdFiles(chart).flatMap(({ source, text }) =>
    readHeads(splitManifests(text, helm), source)
      .filter(({ head }) => head.kind !== "")
      .map(({ head, content }) => ({ source, content, apiVersion: head.apiVersion, kind: head.kind, name: head.name })),
  );
}
