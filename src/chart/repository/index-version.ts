import type { GoMap, GoValue } from "../../base/go-value.ts";
import { DecodeError, decodeStruct, text, textList } from "../decode-struct.ts";
import { decodeMetadata } from "../metadata.ts";
import type { ChartMetadata } from "../types.ts";
import { validateMetadata } from "../validate-metadata.ts";

/** One version of a chart, as the index of a repository lists it. */
export type IndexVersion = ChartMetadata & { urls: string[]; digest?: string; created?: string };

type Own = { urls?: string[]; digest?: string; created?: string };

/** `undefined` for an entry that Helm passes over because something is wrong with it. */
export function decodeIndexVersion(document: GoValue): IndexVersion | undefined {
  if (!(document instanceof Map)) return undefined;
  try {
    const { urls = [], ...own } = decodeOwn(document);
    const read = decodeMetadata(document);
    const version: IndexVersion = {
      ...read,
      apiVersion: read.apiVersion || "v1",
      name: read.name ?? "",
      version: read.version ?? "",
      urls,
      ...own,
    };
    const problem = validateMetadata(version);
    // Some servers leave aliases out, so that two of an entry's dependencies seem to have one name.
    return problem === undefined || problem.startsWith("more than one dependency") ? version : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function decodeOwn(document: GoMap): Own {
  return decodeStruct<Own>(document, "ChartVersion", { urls: textList, digest: text, created: text });
}
