import { hasCode, SlipwayError } from "../../base/error.ts";
import { goJsonDecode } from "../../base/go-json-decode.ts";
import type { GoMap, GoValue } from "../../base/go-value.ts";
import { readYaml } from "../../base/yaml/read.ts";
import { matchingVersions } from "../pick-version.ts";
import { type EntryText, type Section, sectionOf, sectionsOf } from "./index-section.ts";
import { decodeIndexVersion, type IndexVersion } from "./index-version.ts";
import { jsonSectionsOf, skimJsonIndex } from "./json-section.ts";

/** One version of a chart, unread; `text` is what the index says of it, where that can be told without reading it. */
export type Candidate = { version: string; text?: string; read: () => IndexVersion | undefined };

/** The chart's version that is wanted, or `undefined` where the index has none. Reads no more than that of the index. */
export function findVersion(index: Buffer, chart: string, wanted: string, source: string): IndexVersion | undefined {
  for (const { read } of matchingVersions(candidatesOf(index, chart, source), wanted)) {
    const found = read();
    if (found !== undefined && found.urls.length > 0) return found;
  }
  return undefined;
}

/** Every chart of the index with its versions, those left out that Helm passes over. */
export function readIndex(index: Buffer, source: string): Map<string, IndexVersion[]> {
  const charts = new Map<string, IndexVersion[]>();
  for (const [name, versions] of entriesOf(index, source)) {
    if (!Array.isArray(versions)) continue;
    charts.set(
      name,
      versions.map(decodeIndexVersion).filter((version) => version !== undefined),
    );
  }
  return charts;
}

/** What `visit` makes of each chart. Versions are read as they are asked for, so that a large index takes little memory. */
export function mapCharts<T>(
  index: Buffer,
  source: string,
  visit: (name: string, candidates: readonly Candidate[]) => T[],
): T[] {
  const found = hasVersion(index) ? mapSections(index, visit) : undefined;
  if (found !== undefined) return found;
  return [...readIndex(index, source)].flatMap(([name, versions]) =>
    visit(
      name,
      versions.map((version) => ({ version: version.version, read: () => version })),
    ),
  );
}

/** `undefined` where the whole of the index has to be read after all. */
function mapSections<T>(
  index: Buffer,
  visit: (name: string, candidates: readonly Candidate[]) => T[],
): T[] | undefined {
  const results: T[] = [];
  try {
    for (const section of allSections(index)) {
      if (section === undefined) return undefined;
      const candidates = section.items.map(({ version, text }) => ({ version, text, read: () => readAlone(text) }));
      results.push(...visit(section.name, candidates));
    }
    return results;
  } catch (error) {
    if (error instanceof NotByItself) return undefined;
    throw error;
  }
}

/** An alias may stand for what is elsewhere in the index. */
class NotByItself extends Error {}

function readAlone(text: string): IndexVersion | undefined {
  try {
    return decodeIndexVersion(text.startsWith("{") ? goJsonDecode(text) : readYaml(text));
  } catch (error) {
    throw error instanceof SlipwayError ? new NotByItself("", { cause: error }) : error;
  }
}

/** Throws where what a server sent is no index at all, so that it is not kept as one. */
export function checkIndex(index: Buffer, source: string): void {
  if (!hasVersion(index)) entriesOf(index, source);
}

function hasVersion(index: Buffer): boolean {
  if (isJson(index)) return skimJsonIndex(index)?.hasVersion === true;
  return /^apiVersion:/m.test(index.toString("latin1", 0, 4096)) || index.includes("\napiVersion:");
}

function candidatesOf(index: Buffer, chart: string, source: string): Candidate[] {
  const whole = () => wholeCandidates(index, chart, source);
  const items = isJson(index) ? jsonItems(index, chart) : (sectionOf(index, chart) ?? absentItems(index, chart));
  return items?.map(({ version, text }) => ({ version, read: () => readEntry(text, version, whole) })) ?? whole();
}

function jsonItems(index: Buffer, chart: string): EntryText[] | undefined {
  return hasVersion(index) ? itemsIn(jsonSectionsOf(index), chart) : undefined;
}

/** None, where it is certain without reading the index that it has no such chart. */
function absentItems(index: Buffer, chart: string): EntryText[] | undefined {
  return hasVersion(index) && itemsIn(sectionsOf(index), chart)?.length === 0 ? [] : undefined;
}

function itemsIn(sections: Iterable<Section | undefined>, chart: string): EntryText[] | undefined {
  let items: EntryText[] = [];
  for (const section of sections) {
    if (section === undefined) return undefined;
    if (section.name === chart) items = section.items;
  }
  return items;
}

function allSections(index: Buffer): Iterable<Section | undefined> {
  return isJson(index) ? jsonSectionsOf(index) : sectionsOf(index);
}

function readEntry(text: string, version: string, whole: () => Candidate[]): IndexVersion | undefined {
  try {
    return readAlone(text);
  } catch (error) {
    if (!(error instanceof NotByItself)) throw error;
    return whole()
      .find((candidate) => candidate.version === version)
      ?.read();
  }
}

function wholeCandidates(index: Buffer, chart: string, source: string): Candidate[] {
  const versions = entriesOf(index, source).get(chart);
  if (!Array.isArray(versions)) return [];
  return versions
    .map(decodeIndexVersion)
    .filter((found) => found !== undefined)
    .map((found) => ({ version: found.version, read: () => found }));
}

function entriesOf(index: Buffer, source: string): GoMap {
  const document = readDocument(index.toString("utf8"), source);
  if (!(document instanceof Map)) throw notAnIndex(source);
  if (!document.get("apiVersion")) throw notAnIndex(source);
  const entries: GoValue | undefined = document.get("entries");
  return entries instanceof Map ? entries : new Map();
}

// JSON is YAML, too, but read in a tenth of the time.
function readDocument(text: string, source: string): GoValue {
  try {
    if (text.trimStart().startsWith("{")) return goJsonDecode(text);
  } catch (error) {
    if (!hasCode(error, "JSON_INVALID")) throw error;
  }
  return readYaml(text, { source });
}

function isJson(index: Buffer): boolean {
  return /^\s*\{/.test(index.toString("latin1", 0, 100));
}

function notAnIndex(source: string): SlipwayError {
  return new SlipwayError("CHART_INVALID", `What ${source} holds is not the index of a chart repository`, {
    hint: "An index is a YAML file with apiVersion and entries. Is the address right?",
  });
}
