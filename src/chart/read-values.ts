import { SlipwayError } from "../base/error.ts";
import type { GoMap, GoValue } from "../base/go-value.ts";
import { helmDifferences } from "../base/helm-differences.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import { readYaml } from "../base/yaml/read.ts";
import { mergeMaps } from "./merge-maps.ts";

/** A file of values. Helm 4 merges the documents of the file, Helm 3 reads the first alone. */
export function readValues(text: string, file: string, helm: HelmVersion = "4"): GoMap {
  try {
    return readDocuments(text, file, helm);
  } catch (cause) {
    if (!(cause instanceof SlipwayError) || cause.code !== "YAML_INVALID") throw cause;
    throw unreadable(cause, file);
  }
}

function unreadable(cause: SlipwayError, file: string): SlipwayError {
  // What Go puts in front says nothing to those who wrote the file.
  const reason = cause.message.replace(/^error converting YAML to JSON: /, "").replace(/^yaml: (?:line \d+: )?/, "");
  return new SlipwayError("YAML_INVALID", `Cannot read values from "${file}": ${reason}`, {
    where: cause.where ?? file,
    ...(cause.detail !== undefined && { detail: cause.detail }),
    hint: hintFor(reason),
    cause,
  });
}

function hintFor(reason: string): string {
  if (reason.includes("cannot start any token")) {
    return "YAML takes no tabs for indentation, and a text that begins with @, ` or % needs quotes.";
  }
  if (reason.includes("mapping values are not allowed")) return "A text with a colon and a space in it needs quotes.";
  if (reason.includes("did not find expected"))
    return "Look at the indentation, and for a bracket or quote that is not closed.";
  return "Look at the indentation, quotes and colons around that place.";
}

function readDocuments(text: string, file: string, helm: HelmVersion): GoMap {
  let values: GoMap | undefined;
  for (const document of valueDocuments(text, file, helm)) {
    const read = asValues(readYaml(document, { source: file }), file);
    values = values === undefined ? read : mergeMaps(values, read);
  }
  return values ?? new Map();
}

/** The documents of the file that count, each with as many empty lines before it as keep its lines' numbers right. */
export function valueDocuments(text: string, file: string, helm: HelmVersion): string[] {
  if (!helmDifferences[helm].mergesDocuments) return [text];
  // A last line without its end counts as whole: a block of text there ends in a line break.
  const whole = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  if (!/^---/m.test(whole)) return [whole];
  return Array.from(splitDocuments(whole, file), ({ body, line }) => "\n".repeat(line - 1) + body);
}

function asValues(document: GoValue, file: string): GoMap {
  if (document === null) return new Map();
  if (document instanceof Map) return document;
  throw new SlipwayError(
    "VALUES_INVALID",
    `Cannot read values from "${file}": the document is ${kindOf(document)}, not a map`,
    {
      where: file,
      hint: "A values file holds `name: value` lines.",
    },
  );
}

function kindOf(value: GoValue): string {
  return Array.isArray(value) ? "a list" : `a single ${typeof value === "string" ? "text" : "value"}`;
}

/** As Kubernetes' reader splits a stream: a separator may be followed by spaces and a comment only. */
export function* splitDocuments(text: string, file: string): Generator<{ body: string; line: number }> {
  let lines: string[] = [];
  let first = 1;
  for (const [index, line] of text.split(/(?<=\n)/).entries()) {
    if (line.startsWith("---")) {
      const rest = line.slice(3).trim();
      if (rest !== "" && !rest.startsWith("#")) {
        throw new SlipwayError("YAML_INVALID", `invalid YAML document separator: ${rest}`, {
          where: `${file}:${index + 1}`,
        });
      }
      if (lines.length > 0) {
        yield { body: lines.join(""), line: first };
        lines = [];
        first = index + 2;
        continue;
      }
    }
    lines.push(line);
  }
  if (lines.length > 0) yield { body: lines.join(""), line: first };
}
