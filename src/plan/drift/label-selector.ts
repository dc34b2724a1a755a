/** Whether labels, or annotations, meet a selector. */
export type Selector = (labels: Readonly<Record<string, string>>) => boolean;

const key = "[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?";
const exists = new RegExp(`^(!?)\\s*(${key})$`);
const equals = new RegExp(`^(${key})\\s*(==|=|!=)\\s*([A-Za-z0-9._-]*)$`);
const oneOf = new RegExp(`^(${key})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);

/** Kubernetes' selectors: `app=web,tier!=db,env in (a,b),!canary`. `undefined` where it is none. */
export function parseSelector(text: string): Selector | undefined {
  const terms = text.split(/,(?![^(]*\))/).map((term) => parseTerm(term.trim()));
  if (terms.some((term) => term === undefined)) return undefined;
  return (labels) => terms.every((term) => term?.(labels));
}

function parseTerm(term: string): Selector | undefined {
  const [, not, present] = exists.exec(term) ?? [];
  if (present !== undefined) return (labels) => Object.hasOwn(labels, present) === (not === "");
  const [, name, operator, value] = equals.exec(term) ?? [];
  if (name !== undefined) return (labels) => (own(labels, name) === value) === (operator !== "!=");
  const [, listed, within, list = ""] = oneOf.exec(term) ?? [];
  if (listed === undefined) return undefined;
  const values: (string | undefined)[] = list.split(",").map((one) => one.trim());
  return (labels) => values.includes(own(labels, listed)) === (within === "in");
}

function own(labels: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}
