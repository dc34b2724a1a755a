import { SlipwayError } from "../base/error.ts";
import type { GoMap, GoValue } from "../base/go-value.ts";
import { helmDifferences } from "../base/helm-differences.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import { readYaml } from "../base/yaml/read.ts";
import { mergeMaps } from "./merge-maps.ts";

/** A file of values. Helm 4 merges the documents of the file, Helm 3 reads the first alone. */
export function readValues(text: string, file: string, helm: HelmVersion = "4"): GoMap {
  if (!helmDifferences[helm].mergesDocuments) return asValues(readYaml(text, { source: file }), file);
  // A last line without its end counts as whole: a block of text there ends in a line break.
  const whole = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  if (!/^---/m.test(whole)) return asValues(readYaml(whole, { source: file }), file);
  let values: GoMap = new Map();
  for (const { body, line } of splitDocuments(whole, file)) {
    // Empty lines in front keep the places in messages right.
    const document = readYaml("\n".repeat(line - 1) + body, { source: file });
    values = mergeMaps(values, asValues(document, file));
  }
  return values;
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

// As Kubernetes' reader splits a stream: a separator may be followed by spaces and a comment only.
function splitDocuments(text: string, file: string): { body: string; line: number }[] {
  const documents: { body: string; line: number }[] = [];
  let lines: string[] = [];
  let first = 1;
  const push = () => lines.length > 0 && documents.push({ body: lines.join(""), line: first });
  for (const [index, line] of text.split(/(?<=\n)/).entries()) {
    if (line.startsWith("---")) {
      const rest = line.slice(3).trim();
      if (rest !== "" && !rest.startsWith("#")) {
        throw new SlipwayError("YAML_INVALID", `invalid YAML document separator: ${rest}`, {
          where: `${file}:${index + 1}`,
        });
      }
      if (push()) {
        lines = [];
        first = index + 2;
        continue;
      }
    }
    lines.push(line);
  }
  push();
  return documents;
}
