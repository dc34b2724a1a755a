import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hasCode } from "../../base/error.ts";
import { goJsonEncode } from "../../base/go-json.ts";
import { GoStruct } from "../../base/go-objects.ts";
import type { GoMap, GoValue } from "../../base/go-value.ts";
import { sha256 } from "../../base/sha256.ts";
import { writeYamlPlain } from "../../base/yaml/write.ts";
import { metadataStruct } from "../go-struct.ts";
import { loadPackedChart } from "../load-chart.ts";
import { newestFirst } from "../pick-version.ts";
import type { IndexVersion } from "./index-version.ts";

export type Index = Map<string, IndexVersion[]>;

/** The index of the packed charts in a folder and in the folders right below it. */
export function indexFolder(folder: string, baseUrl: string, now: Date): Index {
  const index: Index = new Map();
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const place of ["", ...below.map(({ name }) => name)]) {
    const names = readdirSync(join(folder, place)).filter((name) => name.endsWith(".tgz"));
    for (const name of names.sort()) {
      const bytes = readFileSync(join(folder, place, name));
      const entry = entryOf(bytes, name);
      if (entry === undefined) continue;
      const urls = [joinUrl(baseUrl, place, name)];
      add(index, { ...entry, urls, created: now.toISOString(), digest: sha256(bytes) });
    }
  }
  return index;
}

/** Adds what the other index has and this one hasn't. */
export function mergeIndex(index: Index, other: Index): void {
  for (const version of [...other.values()].flat()) {
    const known = index.get(version.name) ?? [];
    if (!known.some((candidate) => candidate.version === version.version)) add(index, version);
  }
}

/** The index's text, as Helm writes it: charts by name, their newest version first. */
export function formatIndex(index: Index, { now, isJson }: { now: Date; isJson: boolean }): string {
  const entries: GoMap = new Map();
  for (const [name, versions] of [...index].sort(([a], [b]) => (a < b ? -1 : 1))) {
    entries.set(
      name,
      newestFirst(versions).map(({ item }) => versionStruct(item)),
    );
  }
  const fields: [string, GoValue][] = [
    ["apiVersion", "v1"],
    ["generated", now.toISOString()],
    ["entries", entries],
  ];
  const struct = new GoStruct("IndexFile", new Map(fields));
  return isJson ? goJsonEncode(struct, { indent: "  " }) : writeYamlPlain(JSON.parse(goJsonEncode(struct)));
}

function versionStruct(version: IndexVersion): GoStruct {
  const { fields } = metadataStruct(version);
  fields.set("urls", version.urls);
  fields.set("created", version.created ?? "0001-01-01T00:00:00Z");
  if (version.digest) fields.set("digest", version.digest);
  return new GoStruct("ChartVersion", fields);
}

// What is no chart is passed over, as in Helm.
function entryOf(bytes: Buffer, name: string): Omit<IndexVersion, "urls"> | undefined {
  try {
    return loadPackedChart(bytes, name).metadata;
  } catch (error) {
    if (hasCode(error, "CHART_INVALID", "CHART_LIMIT", "YAML_INVALID", "VALUES_INVALID")) return undefined;
    throw error;
  }
}

function add(index: Index, version: IndexVersion): void {
  index.set(version.name, [...(index.get(version.name) ?? []), version]);
}

function joinUrl(base: string, ...parts: string[]): string {
  const path = parts.filter((part) => part !== "").join("/");
  if (base === "") return path;
  return `${base.replace(/\/+$/, "")}/${path}`;
}
