import type { PolicyRule, RoleRules } from "../deploy/rbac.ts";

export type RbacSubjectRef =
  | { kind: "ServiceAccount"; name: string; namespace: string }
  | { kind: "User" | "Group"; name: string };

export type RbacText = {
  roles: readonly RoleRules[];
  /** Of the roles and of their bindings; of a ClusterRole for one namespace it is only the beginning. */
  name: string;
  subjects: readonly RbacSubjectRef[];
  /** Where the release is; absent for all namespaces. */
  namespace: string | undefined;
  /** Lines of the comment above it all. */
  head: readonly string[];
};

const api = "rbac.authorization.k8s.io";

/** Roles, and bindings where there is somebody to bind them to, as YAML to apply: each rule with what it is for. */
export function rbacText(text: RbacText): string {
  const documents = text.roles.flatMap((role) => [
    roleText(role, text),
    ...(text.subjects.length > 0 ? [bindingText(role, text)] : []),
  ]);
  return `${text.head.map((line) => `# ${line}\n`).join("")}${documents.join("---\n")}`;
}

function headOf(kind: string, role: RoleRules, text: RbacText): string[] {
  const place = role.namespace === undefined ? [] : [`  namespace: ${scalar(role.namespace)}`];
  const lines = [`apiVersion: ${api}/v1`, `kind: ${kind}`, "metadata:", `  name: ${scalar(nameOf(role, text))}`];
  return [...lines, ...place];
}

// Two namespaces' releases must not share one role of the whole cluster.
function nameOf(role: RoleRules, { name, namespace }: RbacText): string {
  return role.namespace === undefined && namespace !== undefined ? `${name}-${namespace}` : name;
}

function kindOf({ namespace }: RoleRules): "Role" | "ClusterRole" {
  return namespace === undefined ? "ClusterRole" : "Role";
}

function roleText(role: RoleRules, text: RbacText): string {
  const lines = headOf(kindOf(role), role, text);
  let why = "";
  const rules = role.rules.flatMap((rule) => {
    const comment = rule.why === why ? [] : [`  # ${oneLine(rule.why)}.`];
    why = rule.why;
    return [...comment, ...ruleLines(rule)];
  });
  return `${[...lines, "rules:", ...rules].join("\n")}\n`;
}

function ruleLines({ apiGroups, resources, verbs, resourceNames, nonResourceURLs }: PolicyRule): string[] {
  const fields = [
    ...(nonResourceURLs ? [["nonResourceURLs", nonResourceURLs] as const] : []),
    ...(nonResourceURLs ? [] : [["apiGroups", apiGroups] as const, ["resources", resources] as const]),
    ...(resourceNames ? [["resourceNames", resourceNames] as const] : []),
    ["verbs", verbs] as const,
  ];
  return fields.map(
    ([name, values], index) => `  ${index === 0 ? "- " : "  "}${name}: [${values.map(scalar).join(", ")}]`,
  );
}

function bindingText(role: RoleRules, text: RbacText): string {
  const kind = kindOf(role);
  const subjects = text.subjects.flatMap((subject) => [
    `  - kind: ${subject.kind}`,
    `    name: ${scalar(subject.name)}`,
    subject.kind === "ServiceAccount" ? `    namespace: ${scalar(subject.namespace)}` : `    apiGroup: ${api}`,
  ]);
  const reference = [`  apiGroup: ${api}`, `  kind: ${kind}`, `  name: ${scalar(nameOf(role, text))}`];
  const lines = [...headOf(`${kind}Binding`, role, text), "roleRef:", ...reference, "subjects:", ...subjects];
  return `${lines.join("\n")}\n`;
}

// What comes from a chart, or from a flag, must not become YAML of its own.
function scalar(text: string): string {
  const isPlain = /^[a-z][a-z0-9./-]*$/.test(text) && !/^(y|n|yes|no|on|off|true|false|null)$/.test(text);
  return isPlain ? text : JSON.stringify(text);
}

function oneLine(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, " ").slice(0, 200);
}
