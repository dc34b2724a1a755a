import { SlipwayError } from "../base/error.ts";
import { describeRef } from "../kube/ref.ts";
import type { Missing } from "../plan/hazards/permissions.ts";
import { missingFinding } from "../plan/hazards/permissions.ts";
import type { Hazard } from "../plan/types.ts";

export type IgnoreHazards = readonly string[];

/** Fails where a hazard would, unless it is to be ignored; then nothing has been changed yet. */
export function stopOnHazards(hazards: readonly Hazard[], ignored: IgnoreHazards = []): void {
  const errors = hazards.filter(({ id, severity }) => severity === "error" && !isIgnored(id, ignored));
  if (errors.length > 0) throw hazardError(errors);
}

function isIgnored(id: string, ignored: IgnoreHazards): boolean {
  return ignored.includes(id) || ignored.includes("all");
}

export function hazardError(errors: readonly Hazard[]): SlipwayError {
  const [first] = errors;
  const ids = [...new Set(errors.map(({ id }) => id))];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  const lines = errors.flatMap(({ message, remedy }) =>
    errors.length > 1 ? [message, ...remedy.split("\n").map((line) => `  ${line}`)] : remedy.split("\n").slice(1),
  );
  const advice =
    errors.length > 1 ? "Do what is said beside each." : (first?.remedy.split("\n")[0] ?? "").replace(/:$/, ".");
  const isPermission = ids.every((id) => id === "permission-missing");
  return new SlipwayError(isPermission ? "KUBE_FORBIDDEN" : "PLAN_HAZARD", `${first?.message ?? ""}${more}`, {
    ...(first?.ref ? { where: [describeRef(first.ref), ...(first.field ? [first.field] : [])].join(": ") } : {}),
    ...(lines.length > 0 ? { detail: lines.join("\n") } : {}),
    hint: `${advice} Nothing was changed. To go on all the same: --ignore-hazards=${ids.join(",")}.`,
  });
}

/** All that is not granted, as one failure. */
export function permissionError(missing: readonly Missing[]): SlipwayError {
  const { message, remedy = "" } = missingFinding(missing);
  return hazardError([{ id: "permission-missing", severity: "error", message, remedy }]);
}
