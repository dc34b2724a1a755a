import type { GoMap, GoValue } from "../../base/go-value.ts";
import { sha256 } from "../../base/sha256.ts";
import { readYaml } from "../../base/yaml/read.ts";
import { writeYaml } from "../../base/yaml/write.ts";
import type { Hook, Manifest, Rendered } from "../types.ts";
import { type ConfigReference, configReferences, mapOf, podTemplateOf } from "./pod-configuration.ts";

/** How changed ConfigMaps and Secrets reach the pods that use them. */
export type ConfigRollout = "off" | "annotate" | "rename";

/** On what `rename` has named, with the release's name: by it older ones are found. */
export const configRolloutLabel = "slipway.dev/config-rollout";
export const checksumAnnotation = "slipway.dev/config-checksum";
const nameAnnotation = "slipway.dev/config-name";

/** Whose pods are replaced when their template changes. Others are left as they are: a Job's template can't change. */
const rolling: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "DaemonSet"]);
const contents = ["data", "binaryData", "stringData"] as const;
const longestName = 253;

export type ConfigRolloutOptions = { mode: ConfigRollout; release: string; namespace: string };
export type ConfigRolledOut = { rendered: Rendered; warnings: string[] };

/** A document that was read, to be written again where it has changed. */
type Document = { manifest: Manifest; object: GoMap; namespace: string; hasChanged: boolean };
type Workload = Document & { template: GoMap; references: ConfigReference[] };

/**
 * Ties each workload of a release to the content of the release's ConfigMaps and Secrets that its pods use, so that a change
 * of them replaces the pods: `annotate` by a checksum in the template's annotations, `rename` by names that end in a hash
 * of the content. Documents that nothing changes in stay byte for byte as they are.
 */
export function rollOutConfig(rendered: Rendered, options: ConfigRolloutOptions): ConfigRolledOut {
  if (options.mode === "off") return { rendered, warnings: [] };
  const documents = rendered.manifests.flatMap((manifest) => read(manifest, options.namespace));
  const configs = new Map(documents.filter(isConfig).map((document) => [keyOf(document), document]));
  if (configs.size === 0) return { rendered, warnings: [] };
  const workloads = documents.flatMap(asWorkload);
  if (options.mode === "annotate") {
    for (const workload of workloads) annotate(workload, configs);
    return { rendered: withChanges(rendered, documents), warnings: [] };
  }
  const hooks = rendered.hooks.flatMap((hook) => read(hook, options.namespace));
  const users = [...workloads, ...hooks.flatMap(asWorkload)];
  const warnings = rename({ configs, users, others: [...documents, ...hooks], release: options.release });
  return { rendered: withChanges(withHooks(rendered, hooks), documents), warnings };
}

function read(manifest: Manifest, namespace: string): Document[] {
  const object = readYaml(`${manifest.content}\n`, { numbers: "typed", source: manifest.source });
  if (!(object instanceof Map)) return [];
  const own = mapOf(object.get("metadata"))?.get("namespace");
  return [{ manifest, object, namespace: typeof own === "string" && own ? own : namespace, hasChanged: false }];
}

function isConfig({ manifest: { apiVersion, kind } }: Document): boolean {
  return apiVersion === "v1" && (kind === "ConfigMap" || kind === "Secret");
}

function keyOf({ manifest: { kind, name }, namespace }: Document): string {
  return `${kind}/${namespace}/${name}`;
}

function asWorkload(document: Document): Workload[] {
  const template = podTemplateOf(document.manifest.kind, document.object);
  return template === undefined ? [] : [Object.assign(document, { template, references: configReferences(template) })];
}

function annotate(workload: Workload, configs: ReadonlyMap<string, Document>): void {
  if (!rolling.has(workload.manifest.kind)) return;
  const used = new Set(
    workload.references
      .filter(({ isContent }) => isContent)
      .map(({ kind, name }) => `${kind}/${workload.namespace}/${name}`)
      .filter((key) => configs.has(key)),
  );
  if (used.size === 0) return;
  const parts = [...used].sort().map((key) => `${key} ${hashOf(configs.get(key))}`);
  setIn(childMap(workload.template, "metadata"), "annotations", checksumAnnotation, sha256(parts.join("\n")));
  workload.hasChanged = true;
}

type Renaming = {
  configs: ReadonlyMap<string, Document>;
  users: readonly Workload[];
  others: readonly Document[];
  release: string;
};

function rename({ configs, users, others, release }: Renaming): string[] {
  const warnings: string[] = [];
  for (const [key, config] of configs) {
    const named = users.flatMap((user) =>
      user.references
        .filter(({ kind, name }) => `${kind}/${user.namespace}/${name}` === key)
        .map((reference) => ({ user, reference })),
    );
    if (!named.some(({ user, reference }) => rolling.has(user.manifest.kind) && reference.isContent)) continue;
    const { kind, name } = config.manifest;
    const holders = new Set(named.map(({ reference }) => reference.holder));
    const other = others.find((document) => namesElsewhere(document.object, name, holders));
    if (other !== undefined) {
      warnings.push(
        `${kind} ${name} keeps its name, since ${other.manifest.kind} ${other.manifest.name} names it, too, ` +
          "where Slipway does not change it: a change of it reaches no pod by itself",
      );
      continue;
    }
    const next = hashedName(name, hashOf(config));
    const metadata = childMap(config.object, "metadata");
    metadata.set("name", next);
    setIn(metadata, "labels", configRolloutLabel, release);
    setIn(metadata, "annotations", nameAnnotation, name);
    config.hasChanged = true;
    for (const { user, reference } of named) {
      reference.holder.set(reference.key, next);
      user.hasChanged = true;
    }
  }
  return warnings;
}

/** Whether the name stands in a field that by its own name, or its parent's, speaks of secrets or configuration. */
function namesElsewhere(
  value: GoValue,
  name: string,
  known: ReadonlySet<GoMap>,
  parents: readonly string[] = [],
): boolean {
  if (Array.isArray(value)) return value.some((item) => namesElsewhere(item, name, known, parents));
  if (value instanceof Map) {
    const isKnown = known.has(value);
    return [...value].some(
      ([key, item]) => !(isKnown && item === name) && namesElsewhere(item, name, known, [...parents.slice(-1), key]),
    );
  }
  return value === name && parents.some((key) => /secret|config/i.test(key));
}

function hashedName(name: string, hash: string): string {
  const short = hash.slice(0, 10);
  return `${name.slice(0, longestName - short.length - 1).replace(/[.-]+$/, "")}-${short}`;
}

function hashOf(config: Document | undefined): string {
  const content: GoMap = new Map();
  for (const key of contents) {
    const value = config?.object.get(key);
    if (value !== undefined) content.set(key, value);
  }
  return sha256(writeYaml(content));
}

function childMap(parent: GoMap, key: string): GoMap {
  const present = mapOf(parent.get(key));
  if (present !== undefined) return present;
  const made: GoMap = new Map();
  parent.set(key, made);
  return made;
}

function setIn(parent: GoMap, map: string, key: string, value: string): void {
  childMap(parent, map).set(key, value);
}

function withHooks(rendered: Rendered, documents: readonly Document[]): Rendered {
  const texts = new Map(
    documents.filter(({ hasChanged }) => hasChanged).map((document) => [document.manifest, document]),
  );
  const hooks = rendered.hooks.map((hook): Hook => {
    const document = texts.get(hook);
    return document === undefined ? hook : { ...hook, content: textOf(document) };
  });
  return { ...rendered, hooks };
}

function withChanges(rendered: Rendered, documents: readonly Document[]): Rendered {
  const changed = new Map(
    documents.filter(({ hasChanged }) => hasChanged).map((document) => [document.manifest, document]),
  );
  let { manifest: text } = rendered;
  let from = 0;
  const manifests = rendered.manifests.map((manifest) => {
    const at = text.indexOf(manifest.content, from);
    const document = changed.get(manifest);
    const content = document === undefined ? manifest.content : textOf(document);
    if (at >= 0) {
      if (document !== undefined) text = text.slice(0, at) + content + text.slice(at + manifest.content.length);
      from = at + content.length;
    }
    if (document === undefined) return manifest;
    const name = mapOf(document.object.get("metadata"))?.get("name");
    return { ...manifest, content, name: typeof name === "string" ? name : manifest.name };
  });
  return { ...rendered, manifests, manifest: text };
}

function textOf({ object }: Document): string {
  return writeYaml(object).replace(/\n$/, "");
}
