import { gzipSync } from "node:zlib";
import { SlipwayError } from "../../base/error.ts";
import { chartYaml, lockYaml } from "../chart-yaml.ts";
import type { Chart } from "../types.ts";
import { validateMetadata } from "../validate-metadata.ts";
import { type TarFile, writeTar } from "./tar-writer.ts";

export type PackedChart = { fileName: string; bytes: Buffer };

// The first time that every kind of archive can hold.
const fixedTime = 315_532_800;

/** Packs a chart as Helm does: the same files with the same content, in its order. The same chart makes the same bytes. */
export function packageChart(chart: Chart, { seconds = fixedTime }: { seconds?: number } = {}): PackedChart {
  const problem = validateMetadata(chart.metadata);
  if (problem !== undefined) {
    throw new SlipwayError("CHART_INVALID", `Cannot package chart "${chart.origin}": ${problem}`);
  }
  const bytes = gzipSync(writeTar(filesOf(chart, ""), seconds), { level: 9 });
  // Which system packed it makes no difference.
  bytes[9] = 255;
  return { fileName: `${chart.metadata.name}-${chart.metadata.version}.tgz`, bytes };
}

/** Every file of the packed chart; subcharts lie unpacked under `charts/`, by their names. */
export function filesOf(chart: Chart, prefix: string): TarFile[] {
  const { metadata, lock, raw, schema, templates, files, dependencies } = chart;
  const base = `${prefix}${metadata.name}/`;
  const named = (name: string, data: Uint8Array): TarFile => ({ name: `${base}${name}`, data });
  const values = raw.filter(({ name }) => name === "values.yaml");
  if (schema !== undefined) checkSchema(schema, chart.origin);
  return [
    named("Chart.yaml", Buffer.from(chartYaml(metadata))),
    ...(metadata.apiVersion === "v2" && lock !== undefined ? [named("Chart.lock", Buffer.from(lockYaml(lock)))] : []),
    ...values.map(({ name, data }) => named(name, data)),
    ...(schema === undefined ? [] : [named("values.schema.json", schema)]),
    ...templates.map(({ name, data }) => named(name, data)),
    ...files.map(({ name, data }) => named(name, data)),
    ...dependencies.flatMap((subchart) => filesOf(subchart, `${base}charts/`)),
  ];
}

function checkSchema(schema: Uint8Array, origin: string): void {
  try {
    JSON.parse(Buffer.from(schema).toString("utf8"));
  } catch (cause) {
    throw new SlipwayError("CHART_INVALID", `Cannot package chart "${origin}": values.schema.json is not JSON`, {
      where: `${origin}/values.schema.json`,
      cause,
    });
  }
}

/** The time that SOURCE_DATE_EPOCH names, if it does. */
export function sourceDate(env: Readonly<Record<string, string | undefined>>): { seconds?: number } {
  const text = env["SOURCE_DATE_EPOCH"];
  if (!text) return {};
  if (/^\d{1,11}$/.test(text)) return { seconds: Number(text) };
  throw new SlipwayError("INPUT_INVALID", `SOURCE_DATE_EPOCH can't be "${text}"`, {
    hint: "It has to be a number of seconds since 1970.",
  });
}
