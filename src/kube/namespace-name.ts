/** Whether a namespace may be called so: a DNS label. */
export function isNamespaceName(name: string): boolean {
  return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name);
}

export const namespaceNameHint =
  "Use at most 63 lower-case letters, digits and dashes, with a letter or digit at both ends.";
