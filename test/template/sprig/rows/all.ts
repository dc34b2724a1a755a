import { dataRows } from "./data.ts";
import { numberRows } from "./numbers.ts";
import { otherRows } from "./others.ts";
import { stringRows } from "./strings.ts";

/** Every row of the table: templates by the function that they try. */
export const sprigRows: Readonly<Record<string, readonly string[]>> = {
  ...stringRows,
  ...dataRows,
  ...numberRows,
  ...otherRows,
};

/** The chart's values, as YAML. */
export const sprigValues = `str: s
int: 3
float: 1.5
big: 12345678901
list: [1, 2, 3]
map: { b: 1 }
`;
