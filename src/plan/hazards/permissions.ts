import { arrayAt, booleanAt } from "../../base/json-path.ts";
import type { Finding, HazardInput } from "./types.ts";

/** One thing that has to be allowed. `resource` is as RBAC spells it: `deployments`, `pods/log`. */
export type Need = {
  verb: string;
  group: string;
  resource: string;
  /** Absent for what is cluster-wide. */
  namespace?: string;
  /** Absent for all, or any, of a kind. */
  name?: string;
  /** What does not work without it, where a deploy goes on. */
  without?: string;
};

/** A need that nobody has granted. */
export type Missing = Need;

/** What a user may do in one namespace, as SelfSubjectRulesReview tells it. */
export type Rules = { rules: unknown[]; incomplete: boolean };

export function readRules(review: unknown): Rules {
  return {
    rules: arrayAt(review, "status", "resourceRules"),
    incomplete: booleanAt(review, "status", "incomplete") ?? false,
  };
}

/**
 * True where the rules of its namespace grant a need. That they don't is no proof: some authorizers don't tell all that
 * they grant. Of what is cluster-wide they say nothing, as they may hold for the namespace alone.
 */
export function isGranted(need: Need, rules: ReadonlyMap<string, Rules>): boolean {
  const known = need.namespace === undefined ? undefined : rules.get(need.namespace);
  return known?.rules.some((rule) => grants(rule, need)) ?? false;
}

function grants(rule: unknown, { verb, group, resource, name }: Need): boolean {
  const lists = (field: string, ...values: string[]) => {
    const list = arrayAt(rule, field);
    return list.includes("*") || values.some((value) => list.includes(value));
  };
  const names = arrayAt(rule, "resourceNames");
  const [, subresource] = resource.split("/");
  const isNamed = names.length === 0 || (name !== undefined && names.includes(name) && verb !== "create");
  return (
    isNamed &&
    lists("verbs", verb) &&
    lists("apiGroups", group) &&
    lists("resources", resource, ...(subresource ? [`*/${subresource}`] : []))
  );
}

/** Needs without those that say the same. */
export function distinctNeeds(needs: readonly Need[]): Need[] {
  const byKey = new Map<string, Need>();
  for (const need of needs) {
    const key = [need.namespace, need.group, need.resource, need.verb, need.name].join("|");
    const known = byKey.get(key);
    if (known === undefined || known.without !== undefined) byKey.set(key, need);
  }
  return [...byKey.values()];
}

export function findMissing({ missing }: HazardInput): Finding[] {
  const required = missing.filter(({ without }) => without === undefined);
  return required.length === 0 ? [] : [missingFinding(required)];
}

/** Of interest only to who may deploy at all. */
export function findMissingOptional({ missing }: HazardInput): Finding[] {
  if (missing.some(({ without }) => without === undefined)) return [];
  const reasons = [...new Set(missing.flatMap(({ without }) => without ?? []))];
  return reasons.map((reason) => {
    const lacking = missing.filter(({ without }) => without === reason);
    return { message: `${reason}, as ${described(lacking)} is not allowed`, remedy: remedyFor(lacking) };
  });
}

/** All that is missing as one hazard, with the roles that grant it. */
export function missingFinding(missing: readonly Missing[]): Finding {
  return { message: `The user may not ${described(missing)}`, remedy: remedyFor(missing) };
}

function remedyFor(missing: readonly Missing[]): string {
  return `Have this granted, and bound to the user:\n${roleText(missing)}`;
}

type Grouped = { place: string; group: string; resource: string; verbs: string[] };

function grouped(missing: readonly Missing[]): Grouped[] {
  const byKey = new Map<string, Grouped>();
  for (const { namespace = "", group, resource, verb } of missing) {
    const key = `${namespace}|${group}|${resource}`;
    const row = byKey.get(key) ?? { place: namespace, group, resource, verbs: [] };
    if (!row.verbs.includes(verb)) row.verbs.push(verb);
    byKey.set(key, row);
  }
  return [...byKey.values()];
}

function described(missing: readonly Missing[]): string {
  return grouped(missing)
    .map(({ place, group, resource, verbs }) => {
      const where = place === "" ? "" : ` in namespace ${place}`;
      return `${verbs.join("/")} ${group === "" ? resource : `${resource}.${group}`}${where}`;
    })
    .join(", ");
}

/** A Role for each namespace, and a ClusterRole for what is cluster-wide: YAML to copy. */
export function roleText(missing: readonly Missing[]): string {
  const rows = grouped(missing);
  const places = [...new Set(rows.map(({ place }) => place))];
  const roles = places.map((place) => {
    const head = [
      "apiVersion: rbac.authorization.k8s.io/v1",
      `kind: ${place === "" ? "ClusterRole" : "Role"}`,
      `metadata: {name: slipway${place === "" ? "" : `, namespace: ${place}`}}`,
      "rules:",
    ];
    const rules = rows
      .filter((row) => row.place === place)
      .map(
        ({ group, resource, verbs }) =>
          `- {apiGroups: ["${group}"], resources: ["${resource}"], verbs: [${verbs.join(", ")}]}`,
      );
    return [...head, ...rules].join("\n");
  });
  return roles.join("\n---\n");
}

const refusals = [
  /is forbidden: (?!User ")/,
  /admission webhook ".*" denied the request/,
  /ValidatingAdmissionPolicy '.*' with binding '.*' denied request/,
];

/** True of what an admission rule refuses, which lacks no permission: by the words of the API server. */
export function isRefusedByRule({ message }: { message: string }): boolean {
  return refusals.some((words) => words.test(message));
}
