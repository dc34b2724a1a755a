/** What the user may not do. An absent field, or `*`, stands for all. */
export type Rule = { verb?: string; resource?: string; namespace?: string };

/** The user whose token the sandbox gives out. */
export const user = "sandbox";

const reads = ["get", "list", "watch"];

/** Denies everything that changes something. */
export const readOnly: Rule[] = ["create", "update", "patch", "delete", "deletecollection"].map((verb) => ({ verb }));

export function isDenied(rules: Rule[], asked: { verb: string; resource: string; namespace: string }): boolean {
  // Whoever asks what is allowed is always answered.
  if (asked.resource.startsWith("selfsubject") && !reads.includes(asked.verb)) return false;
  return rules.some(
    (rule) =>
      matches(rule.verb, asked.verb) &&
      matches(rule.resource, asked.resource) &&
      matches(rule.namespace, asked.namespace),
  );
}

function matches(rule: string | undefined, value: string): boolean {
  return rule === undefined || rule === "*" || rule === value;
}
