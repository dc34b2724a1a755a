import { objectKey } from "../../kube/ref.ts";
import type { Hazard } from "../types.ts";
import { hazardTable } from "./table.ts";
import type { HazardInput } from "./types.ts";

const maxHazards = 500;

/** Every hazard of a plan, errors first, in the table's order. */
export function findHazards(input: HazardInput): Hazard[] {
  const found = hazardTable.flatMap(({ id, severity, remedy, find }) =>
    find(input).map((finding): Hazard => ({ id, severity, remedy, ...finding })),
  );
  const errors = found.filter((hazard) => hazard.severity === "error");
  // What the table knows says more than that the server refuses it.
  const known = new Set(errors.flatMap(({ id, ref }) => (ref && id !== "refused-by-server" ? objectKey(ref) : [])));
  const isNew = ({ id, ref }: Hazard) => id !== "refused-by-server" || ref === undefined || !known.has(objectKey(ref));
  const warnings = found.filter((hazard) => hazard.severity === "warning");
  return [...errors.filter(isNew), ...warnings].slice(0, maxHazards);
}
