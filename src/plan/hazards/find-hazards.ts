import type { Hazard } from "../types.ts";
import { hazardTable } from "./table.ts";
import type { HazardInput } from "./types.ts";

const maxHazards = 500;

/** Every hazard of a plan, errors first, in the table's order. */
export function findHazards(input: HazardInput): Hazard[] {
  const found = hazardTable.flatMap(({ id, severity, remedy, find }) =>
    find(input).map((finding): Hazard => ({ id, severity, remedy, ...finding })),
  );
  const first = found.filter((hazard) => hazard.severity === "error");
  return [...first, ...found.filter((hazard) => hazard.severity === "warning")].slice(0, maxHazards);
}
