import type { Cause } from "../api/status.ts";
import { canonical } from "../json.ts";

/** What is wrong with a field, in the forms of the API server's own validation. */
export const cause = {
  required: (field: string, why = ""): Cause => ({
    reason: "FieldValueRequired",
    message: why === "" ? "Required value" : `Required value: ${why}`,
    field,
  }),
  invalid: (field: string, value: unknown, why: string): Cause => ({
    reason: "FieldValueInvalid",
    message: `Invalid value: ${shown(value)}: ${why}`,
    field,
  }),
  unsupported: (field: string, value: unknown, supported: string[]): Cause => ({
    reason: "FieldValueNotSupported",
    message: `Unsupported value: ${shown(value)}: supported values: ${supported.map((item) => `"${item}"`).join(", ")}`,
    field,
  }),
  duplicate: (field: string, value: unknown): Cause => ({
    reason: "FieldValueDuplicate",
    message: `Duplicate value: ${JSON.stringify(value)}`,
    field,
  }),
  absent: (field: string, value: unknown): Cause => ({
    reason: "FieldValueNotFound",
    message: `Not found: ${shown(value)}`,
    field,
  }),
  forbidden: (field: string, why: string): Cause => ({
    reason: "FieldValueForbidden",
    message: `Forbidden: ${why}`,
    field,
  }),
  tooLong: (field: string, limit: number): Cause => ({
    reason: "FieldValueTooLong",
    message: `Too long: may not be more than ${limit} bytes`,
    field,
  }),
  type: (field: string, found: string, wanted: string): Cause => ({
    reason: "FieldValueTypeInvalid",
    message: `Invalid value: "${found}": ${field} in body must be of type ${wanted}: "${found}"`,
    field,
  }),
};

function shown(value: unknown): string {
  return value === undefined ? "null" : canonical(value);
}
