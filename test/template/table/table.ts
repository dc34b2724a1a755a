import type { Row } from "./row.ts";
import { coreRows } from "./rows-core.ts";
import { errorRows } from "./rows-errors.ts";
import { formatRows } from "./rows-format.ts";
import { valueRows } from "./rows-values.ts";

/** The chart and the file under whose name a row that fails is rendered alone. */
export const chartName = "table";
export const rowFile = `${chartName}/templates/row.yaml`;

export const tables: Record<string, Row[]> = {
  core: coreRows,
  values: valueRows,
  format: formatRows,
  errors: errorRows,
};

/** What Helm makes of a row: its bytes in base64 where they are not text, or the error as Helm prints it. */
export type Golden = { output: string } | { base64: string } | { error: string };
