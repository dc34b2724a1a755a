import { SlipwayError } from "../base/error.ts";

const validName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const maxNameLength = 53;

/** Labels of a record that Helm and Slipway set themselves. */
export const systemLabels: ReadonlySet<string> = new Set([
  "name",
  "owner",
  "status",
  "version",
  "createdAt",
  "modifiedAt",
]);

/** Helm's rule: a DNS-1123 subdomain of at most 53 characters, since charts append to it. */
export function checkReleaseName(name: string): void {
  if (name === "") {
    throw new SlipwayError("INPUT_INVALID", "The release has no name", { hint: "Give it a name, such as `shop`." });
  }
  // The length goes first, so that the expression never runs over a long text.
  if (name.length > maxNameLength) {
    const message = `Release name "${name.slice(0, maxNameLength)}…" has ${name.length} characters`;
    throw new SlipwayError("INPUT_INVALID", message, { hint: `Use at most ${maxNameLength}.` });
  }
  if (!validName.test(name)) {
    throw new SlipwayError("INPUT_INVALID", `Release name ${JSON.stringify(name)} is not valid`, {
      hint: "Use lower-case letters, digits, hyphens and dots; begin and end with a letter or a digit.",
    });
  }
}

/** Refuses labels that would overwrite those by which records are found. */
export function checkReleaseLabels(labels: Record<string, string>): void {
  const taken = Object.keys(labels).filter((key) => systemLabels.has(key));
  if (taken.length > 0) {
    throw new SlipwayError("INPUT_INVALID", `The release can't be labelled with ${taken.join(", ")}`, {
      hint: `These labels are set by themselves: ${[...systemLabels].join(", ")}.`,
    });
  }
}

/** The labels of an upgrade's revision: what is given goes over the last revision's, and "null" takes one away. */
export function mergeReleaseLabels(
  last: Record<string, string>,
  given: Record<string, string>,
): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...last, ...given }).filter(([, value]) => value !== "null"));
}

/** The name of the object that holds one revision. */
export function recordName(release: string, revision: number): string {
  return `sh.helm.release.v1.${release}.v${revision}`;
}
