import type { HelmVersion } from "../base/helm-version.ts";
import { parseHook } from "./hooks.ts";
import { sortByKind } from "./kind-order.ts";
import { readHeads } from "./manifest-head.ts";
import { isBlank, splitManifests } from "./split-manifests.ts";
import type { Hook, Manifest } from "./types.ts";

/** A template's output by the template's name, `_` partials and notes left out. */
export type RenderedFile = { source: string; text: string };

/** Files in order of their names, their documents told apart into hooks and objects, each sorted by kind. */
export function sortManifests(
  files: readonly RenderedFile[],
  helm: HelmVersion,
): { manifests: Manifest[]; hooks: Hook[] } {
  const manifests: Manifest[] = [];
  const hooks: Hook[] = [];
  for (const { source, text } of files) {
    if (isBlank(text)) continue;
    for (const { head, content } of readHeads(splitManifests(text, helm), source)) {
      const manifest = { source, content, apiVersion: head.apiVersion, kind: head.kind, name: head.name };
      const hook = parseHook(manifest, head.annotations);
      if (hook === undefined) manifests.push(manifest);
      else if (hook !== "unknown") hooks.push(hook);
    }
  }
  return { manifests: sortByKind(manifests, helm), hooks: sortByKind(hooks, helm) };
}
