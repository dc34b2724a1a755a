import { fromBytes } from "../base/go-string.ts";
import type { GoMap } from "../base/go-value.ts";
import { readValues } from "../chart/read-values.ts";
import { coalesceUnder } from "../values/coalesce.ts";
import { validateSchemas } from "../values/validate-schema.ts";
import type { Subject } from "./lint-chart.ts";
import { type Report, textOf } from "./message.ts";

const file = "values.yaml";

/** That values.yaml can be read and, with the user's values over it, is what the schema wants. */
export async function lintValues({ files, config, skipSchemaValidation }: Subject, report: Report): Promise<void> {
  const found = files.find(({ name }) => name === file);
  if (!report("INFO", file, found === undefined ? "file does not exist" : undefined)) return;
  let values: GoMap;
  try {
    // Helm reads this one file by itself here, its first document alone.
    values = readValues(fromBytes(found?.data ?? new Uint8Array()), file, "3");
  } catch (error) {
    report("ERROR", file, `unable to parse YAML: ${textOf(error)}`);
    return;
  }
  const schema = files.find(({ name }) => name === "values.schema.json")?.data;
  if (schema === undefined || schema.length === 0 || skipSchemaValidation) return;
  const metadata = { apiVersion: "v2", name: file, version: "" };
  const alone = { metadata, schema, values, templates: [], files: [], raw: [...files], dependencies: [], origin: "" };
  try {
    await validateSchemas(alone, coalesceUnder(config, values));
  } catch (error) {
    report("ERROR", file, textOf(error));
  }
}
