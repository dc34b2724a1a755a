import { SlipwayError } from "../base/error.ts";
import { arrayAt, isJsonObject, numberAt, objectAt, stringAt } from "../base/json-path.ts";
import type { ApplyMethod } from "../kube/types.ts";
import { without, withoutEmpty } from "./fields.ts";
import { hookFromWire, hookToWire } from "./hook-wire.ts";
import type { JsonObject, Release, ReleaseStatus } from "./types.ts";

const statuses: ReadonlySet<string> = new Set<ReleaseStatus>([
  "unknown",
  "deployed",
  "uninstalled",
  "superseded",
  "failed",
  "uninstalling",
  "pending-install",
  "pending-upgrade",
  "pending-rollback",
]);

const releaseFields = [
  "name",
  "info",
  "chart",
  "config",
  "manifest",
  "hooks",
  "version",
  "namespace",
  "apply_method",
] as const;
const infoFields = [
  "first_deployed",
  "last_deployed",
  "deleted",
  "description",
  "status",
  "rollback_revision",
  "notes",
] as const;

/** Helm's JSON of a revision, in Helm's order and without what Helm leaves out. Labels are not in it. */
export function releaseToWire(release: Release): JsonObject {
  const info = {
    first_deployed: release.firstDeployed,
    last_deployed: release.lastDeployed,
    deleted: release.deleted,
    description: release.description,
    status: release.status,
    rollback_revision: release.rollbackRevision,
    notes: release.notes,
  };
  const wire = {
    name: release.name,
    info: { ...withoutEmpty(info), ...release.unknown?.info },
    chart: release.chart,
    config: release.config,
    manifest: release.manifest,
    hooks: release.hooks.map(hookToWire),
    version: release.revision,
    namespace: release.namespace,
    apply_method: release.applyMethod,
  };
  return { ...withoutEmpty(wire), ...release.unknown?.release };
}

/** Reads Helm's JSON; what has another type than Helm writes counts as absent, but a record must say which revision it is. */
export function releaseFromWire(wire: unknown, labels: Record<string, string>): Release {
  const name = stringAt(wire, "name");
  const revision = numberAt(wire, "version");
  const info = objectAt(wire, "info");
  if (!isJsonObject(wire) || !name || !info || revision === undefined || !isRevision(revision)) {
    throw new SlipwayError("RELEASE_INVALID", "The record lacks the name, the revision or the state of a release");
  }
  const deleted = stringAt(info, "deleted");
  const applyMethod = stringAt(wire, "apply_method");
  const rollbackRevision = numberAt(info, "rollback_revision");
  return {
    name,
    namespace: stringAt(wire, "namespace") ?? "",
    revision,
    status: statusOf(stringAt(info, "status")),
    description: stringAt(info, "description") ?? "",
    firstDeployed: stringAt(info, "first_deployed") ?? "",
    lastDeployed: stringAt(info, "last_deployed") ?? "",
    ...(deleted ? { deleted } : {}),
    notes: stringAt(info, "notes") ?? "",
    chart: objectAt(wire, "chart") ?? {},
    config: objectAt(wire, "config") ?? {},
    manifest: stringAt(wire, "manifest") ?? "",
    hooks: arrayAt(wire, "hooks").filter(isJsonObject).map(hookFromWire),
    labels,
    ...(isApplyMethod(applyMethod) ? { applyMethod } : {}),
    ...(rollbackRevision ? { rollbackRevision } : {}),
    unknown: { release: without(wire, releaseFields), info: without(info, infoFields) },
  };
}

function isRevision(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

function statusOf(text: string | undefined): ReleaseStatus {
  return text !== undefined && statuses.has(text) ? (text as ReleaseStatus) : "unknown";
}

function isApplyMethod(text: string | undefined): text is ApplyMethod {
  return text === "csa" || text === "ssa";
}
