import { SlipwayError } from "../base/error.ts";
import { readYaml } from "../base/yaml/read.ts";
import { skim } from "../base/yaml/skim.ts";
import { DecodeError, decodeStruct, text, textMap } from "../chart/decode-struct.ts";

/** What must be known of a document to put it in its place. Fields that it doesn't have are empty. */
export type ManifestHead = {
  apiVersion: string;
  kind: string;
  name: string;
  annotations: ReadonlyMap<string, string> | undefined;
};

export type HeadedDocument = { head: ManifestHead; content: string };

/** Reads the heads of a file's documents; RENDER_INVALID_MANIFEST where one is not the YAML of an object. */
export function readHeads(documents: readonly string[], source: string): HeadedDocument[] {
  return documents.map((content) => ({ content, head: readHead(content, source) }));
}

type Head = { apiVersion: string; kind: string; metadata: { name: string; annotations: Record<string, string> } };

const wanted: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

function readHead(content: string, source: string): ManifestHead {
  try {
    const document = readYaml(skim(content, wanted) ?? content, { numbers: "typed" });
    const {
      apiVersion = "",
      kind = "",
      metadata,
    } = decodeStruct<Head>(document, "SimpleHead", {
      apiVersion: text,
      kind: text,
      metadata: (value) => ({
        name: "",
        annotations: {},
        ...decodeStruct<Head["metadata"]>(value, "metadata", { name: text, annotations: textMap }),
      }),
    });
    const annotations = new Map(Object.entries(metadata?.annotations ?? {}));
    return {
      apiVersion,
      kind,
      name: metadata?.name ?? "",
      annotations: annotations.size === 0 ? undefined : annotations,
    };
  } catch (error) {
    if (!(error instanceof SlipwayError || error instanceof DecodeError)) throw error;
    throw invalid(source, content, error);
  }
}

function invalid(source: string, content: string, cause: Error): SlipwayError {
  const own = cause instanceof SlipwayError ? cause : undefined;
  const [, line, column] = /^(\d+):(\d+)$/.exec(own?.where ?? "") ?? [];
  const place = line === undefined ? undefined : { line: Number(line), column: Number(column) };
  return new SlipwayError("RENDER_INVALID_MANIFEST", `YAML parse error on ${source}: ${cause.message}`, {
    where: place === undefined ? source : `${source} (line ${line}, column ${column} of what it renders to)`,
    detail: excerpt(content, place),
    hint: "Look at what the template renders to: indentation, quotes and colons in values are the usual causes.",
    cause,
  });
}

const linesAround = 3;
const widest = 160;

/** The lines around the place, numbered, with a caret under it; the first lines where no place is known. */
function excerpt(content: string, place: { line: number; column: number } | undefined): string {
  const lines = content.split("\n");
  const first = Math.max(1, (place?.line ?? 1) - linesAround);
  const last = Math.min(lines.length, place === undefined ? 5 : place.line + 1);
  const width = String(last).length;
  const shown: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = lines[number - 1] ?? "";
    shown.push(`${String(number).padStart(width)} | ${text.slice(0, widest)}`);
    if (number !== place?.line || place.column > widest) continue;
    const indent = text.slice(0, place.column - 1).replace(/[^\t]/g, " ");
    shown.push(`${" ".repeat(width)} | ${indent}^`);
  }
  return shown.join("\n");
}
