import type { Release } from "./types.ts";

/** How many parts the rest of a record has, and the digest of them together. */
export type PartsPlace = { count: number; sha256: string };

const form =
  /^(?:#[^\n]*\n)+---\napiVersion: slipway\/v1\nkind: ManifestInParts\nmetadata:\n {2}name: [^\n]*\nparts: ([1-9]\d?)\nsha256: "([0-9a-f]{64})"\n$/;

/**
 * What stands in the place of a manifest that is kept in parts. To Helm it is a kind that no cluster serves, so that it
 * shows the release and refuses to upgrade, roll back or uninstall it: going by half a manifest, it would remove the
 * other half's objects, or forget them.
 */
export function placeOfParts({ name }: Pick<Release, "name">, { count, sha256 }: PartsPlace): string {
  return `# This manifest is too large for one object and is kept in ${count} others.
# See it with: slipway get manifest ${name}
# Change this release with slipway alone: without the whole manifest, Helm refuses to.
---
apiVersion: slipway/v1
kind: ManifestInParts
metadata:
  name: "${name}"
parts: ${count}
sha256: "${sha256}"
`;
}

/** Where the parts of a recorded manifest are; `undefined` where it is a manifest. */
export function readPartsPlace(manifest: string): PartsPlace | undefined {
  const [, count, sha256] = form.exec(manifest) ?? [];
  return count && sha256 ? { count: Number(count), sha256 } : undefined;
}
