import { hasCode, SlipwayError } from "../../base/error.ts";
import { goJsonDecode } from "../../base/go-json-decode.ts";
import type { GoMap, GoValue } from "../../base/go-value.ts";
import { readYaml } from "../../base/yaml/read.ts";
import { matchingVersions } from "../pick-version.ts";
import { sectionOf } from "./index-section.ts";
import { decodeIndexVersion, type IndexVersion } from "./index-version.ts";

type Candidate = { version: string; read: () => IndexVersion | undefined };

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

/** Throws where what a server sent is no index at all, so that it is not kept as one. */
export function checkIndex(index: Buffer, source: string): void {
  if (/^apiVersion:/m.test(index.toString("latin1", 0, 4096)) || index.includes("\napiVersion:")) return;
  entriesOf(index, source);
}

function candidatesOf(index: Buffer, chart: string, source: string): Candidate[] {
  const section = isJson(index) ? undefined : sectionOf(index, chart);
  const whole = () => wholeCandidates(index, chart, source);
  if (section === undefined) return whole();
  return section.map(({ version, text }) => ({ version, read: () => readEntry(text, version, whole) }));
}

// An alias may stand for what is elsewhere in the index: then all of it has to be read.
function readEntry(text: string, version: string, whole: () => Candidate[]): IndexVersion | undefined {
  try {
    return decodeIndexVersion(readYaml(text));
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
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
