import { arrayAt, objectAt, stringAt } from "../base/json-path.ts";
import { groupOf } from "../kube/ref.ts";
import type { KubeObject } from "../kube/types.ts";
import { type Access, type AccessCommand, access, type Purpose, purposesOf } from "../plan/access.ts";

export type { AccessCommand } from "../plan/access.ts";

/** The commands that ask something of a cluster. */
export const accessCommands = Object.keys(purposesOf) as AccessCommand[];

/** How the API names a kind, and whether its objects lie in namespaces. */
export type KnownResource = { group: string; plural: string; namespaced: boolean };

/** What a command is to be allowed for; of the chart, where there is one, just its kinds. */
export type RbacSubject = {
  commands: readonly AccessCommand[];
  namespace: string;
  /** In all namespaces, and new ones may be created. */
  everywhere: boolean;
  records: "secrets" | "configmaps";
  /** The objects of the chart; definitions are among them. */
  objects: readonly KubeObject[];
  hooks: readonly KubeObject[];
  tests: readonly KubeObject[];
  /** What templates look up; the name is absent where they list. */
  lookups: readonly { apiVersion: string; kind: string; namespace: string; name: string }[];
  resourceOf: (kind: { apiVersion: string; kind: string }) => KnownResource;
};

export type PolicyRule = {
  /** What it is for, a line. */
  why: string;
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
};

/** The rules of one Role, or, without a namespace, of a ClusterRole. */
export type RoleRules = { namespace: string | undefined; rules: PolicyRule[] };

const reasons: Record<Purpose, string> = {
  "records-read": "The release's revisions",
  "records-create": "The release's revisions",
  "records-update": "The release's revisions",
  "records-remove": "The release's revisions",
  lock: "The release's lock",
  "namespace-read": "What hazards are told from",
  "quotas-read": "What hazards are told from",
  "autoscalers-read": "What hazards are told from",
  "objects-read": "The chart's objects",
  "objects-try": "The chart's objects (dry runs)",
  "objects-compare": "The chart's objects",
  "objects-write": "The chart's objects",
  "objects-remove": "The chart's objects",
  "objects-await": "The chart's objects",
  "hooks-run": "The chart's hooks",
  "tests-run": "The chart's tests",
  "pods-follow": "Why a rollout fails",
  "pods-replace": "Broken pods that a StatefulSet waits for",
  "namespaces-create": "New namespaces",
  "previews-furnish": "The namespaces of previews, their limits and the Secrets that are copied there",
};

const rendering = new Set<AccessCommand>(["deploy", "plan", "preview"]);

type Grant = {
  why: string;
  group: string;
  resource: string;
  verb: string;
  namespace: string | undefined;
  name?: string;
};

/** The least that the commands need, place by place. */
export function rbacRules(subject: RbacSubject): RoleRules[] {
  const purposes = new Set<Purpose>(subject.commands.flatMap((command) => purposesOf[command]));
  if (subject.everywhere && purposes.has("objects-write")) purposes.add("namespaces-create");
  const grants = [...purposes].flatMap((purpose) => grantsOf(purpose, subject));
  const isRendered = subject.commands.some((command) => rendering.has(command));
  const lookups = isRendered ? lookupGrants(subject) : [];
  const roles = purposes.has("objects-write") || purposes.has("objects-try") ? subject.objects : [];
  const byPlace = new Map<string | undefined, PolicyRule[]>();
  const placed = (place: string | undefined) => (subject.everywhere ? undefined : place);
  for (const grant of [...grants, ...lookups, ...boundGrants(roles, subject)]) {
    add(byPlace, placed(grant.namespace), ruleOf(grant));
  }
  for (const { namespace, rule } of ownRules(roles, subject)) add(byPlace, placed(namespace), rule);
  return [...byPlace]
    .map(([namespace, rules]) => ({ namespace, rules: merged(rules) }))
    .sort((a, b) => ((a.namespace ?? "~") < (b.namespace ?? "~") ? -1 : 1));
}

function add(places: Map<string | undefined, PolicyRule[]>, place: string | undefined, rule: PolicyRule): void {
  places.set(place, [...(places.get(place) ?? []), rule]);
}

function grantsOf(purpose: Purpose, subject: RbacSubject): Grant[] {
  const why = reasons[purpose];
  return access[purpose].flatMap((part: Access) =>
    targetsOf(part, purpose, subject).flatMap((target) => part.verbs.map((verb) => ({ why, verb, ...target }))),
  );
}

type Target = { group: string; resource: string; namespace: string | undefined };

function targetsOf({ of }: Access, purpose: Purpose, subject: RbacSubject): Target[] {
  const { namespace, records } = subject;
  if (of === "records") return [{ group: "", resource: records, namespace }];
  if (of === undefined) return kindsFor(purpose, subject).map((object) => targetOf(object, subject));
  return isOfUse(of.resource, purpose, subject) ? [{ ...of, namespace: placeOf(of.resource, purpose, namespace) }] : [];
}

// A namespace can be read with a role in it, but only be created with a role for all.
function placeOf(resource: string, purpose: Purpose, namespace: string): string | undefined {
  return resource === "namespaces" && purpose === "namespaces-create" ? undefined : namespace;
}

function kindsFor(purpose: Purpose, { objects, hooks, tests }: RbacSubject): readonly KubeObject[] {
  if (purpose === "hooks-run") return hooks;
  return purpose === "tests-run" ? tests : objects;
}

const watching = new Set<AccessCommand>(["deploy", "rollback", "preview"]);
const runners = new Set(["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod", "ReplicaSet"]);

/** Pods are followed, and replaced, only for kinds that have them. */
function isOfUse(resource: string, purpose: Purpose, { objects, hooks, tests, commands }: RbacSubject): boolean {
  const watched = commands.some((command) => watching.has(command)) ? objects : [];
  const has = (kind: string) => watched.some((object) => object.kind === kind);
  if (purpose === "pods-replace") return has("StatefulSet");
  if (purpose !== "pods-follow") return true;
  if (resource === "replicasets") return has("Deployment");
  return [...watched, ...hooks, ...tests].some(({ kind }) => runners.has(kind));
}

function targetOf(object: Pick<KubeObject, "apiVersion" | "kind"> & Partial<KubeObject>, subject: RbacSubject): Target {
  const { group, plural, namespaced } = subject.resourceOf(object);
  return {
    group,
    resource: plural,
    namespace: namespaced ? (object.metadata?.namespace ?? subject.namespace) : undefined,
  };
}

function lookupGrants(subject: RbacSubject): Grant[] {
  return subject.lookups.map(({ apiVersion, kind, namespace, name }) => {
    const { group, plural, namespaced } = subject.resourceOf({ apiVersion, kind });
    const place = namespaced && namespace !== "" ? namespace : undefined;
    const which = name === "" ? { verb: "list" } : { verb: "get", name };
    return { why: "What the chart's templates look up", group, resource: plural, namespace: place, ...which };
  });
}

const rbacGroup = "rbac.authorization.k8s.io";
const isRbac = (object: KubeObject, kind: string) => object.kind === kind && groupOf(object.apiVersion) === rbacGroup;

/** Nobody may grant what he may not do himself: what roles of the chart allow, whoever creates them has to be allowed. */
function ownRules(objects: readonly KubeObject[], subject: RbacSubject) {
  return objects
    .filter((object) => isRbac(object, "Role") || isRbac(object, "ClusterRole"))
    .flatMap((role) =>
      arrayAt(role, "rules").map((rule) => {
        const list = (field: string) => arrayAt(rule, field).filter((one) => typeof one === "string");
        const named = list("resourceNames");
        const urls = list("nonResourceURLs");
        return {
          namespace: role.kind === "Role" ? (role.metadata.namespace ?? subject.namespace) : undefined,
          rule: {
            why: `What ${role.kind} ${role.metadata.name} of the chart grants`,
            apiGroups: list("apiGroups"),
            resources: list("resources"),
            verbs: list("verbs"),
            ...(named.length > 0 && { resourceNames: named }),
            ...(urls.length > 0 && { nonResourceURLs: urls }),
          },
        };
      }),
    );
}

/** Roles that bindings of the chart bind, and that are not the chart's. */
function boundGrants(objects: readonly KubeObject[], subject: RbacSubject): Grant[] {
  const bindings = objects.filter((object) => isRbac(object, "RoleBinding") || isRbac(object, "ClusterRoleBinding"));
  return bindings.flatMap((binding) => {
    const kind = stringAt(binding, "roleRef", "kind") ?? "";
    const name = stringAt(binding, "roleRef", "name") ?? "";
    const isOwn = objects.some((object) => isRbac(object, kind) && object.metadata.name === name);
    if (isOwn || name === "" || objectAt(binding, "roleRef") === undefined) return [];
    const namespace = binding.kind === "RoleBinding" ? (binding.metadata.namespace ?? subject.namespace) : undefined;
    const resource = kind === "Role" ? "roles" : "clusterroles";
    const why = `What ${binding.kind} ${binding.metadata.name} of the chart binds`;
    return [{ why, group: rbacGroup, resource, verb: "bind", namespace, name }];
  });
}

function ruleOf({ why, group, resource, verb, name }: Grant): PolicyRule {
  return {
    why,
    apiGroups: [group],
    resources: [resource],
    verbs: [verb],
    ...(name !== undefined && { resourceNames: [name] }),
  };
}

/** First the verbs of one resource together, then the resources of one group with the same verbs. */
function merged(rules: readonly PolicyRule[]): PolicyRule[] {
  const byVerbs = mergeBy(rules, "verbs", ({ verbs: _, ...rest }) => JSON.stringify(rest));
  return mergeBy(byVerbs, "resources", ({ resources: _, ...rest }) => JSON.stringify(rest));
}

function mergeBy(
  rules: readonly PolicyRule[],
  field: "verbs" | "resources",
  keyOf: (rule: PolicyRule) => string,
): PolicyRule[] {
  const byKey = new Map<string, PolicyRule>();
  for (const rule of rules) {
    const known = byKey.get(keyOf(rule));
    const values = new Set([...(known?.[field] ?? []), ...rule[field]]);
    byKey.set(keyOf(rule), { ...rule, [field]: [...values].sort() });
  }
  return [...byKey.values()];
}
