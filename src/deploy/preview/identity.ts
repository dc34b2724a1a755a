import { SlipwayError } from "../../base/error.ts";
import { sha256OfParts } from "../../base/sha256.ts";

/** What a preview is for: one release of one pull request of one repository. */
export type PreviewIdentity = {
  /** `github.com/owner/name`, elsewhere maybe with groups in between; in lower case, as hosts and names mean the same in any. */
  repository: string;
  number: number;
  release: string;
};

const mostName = 400;
const mostCharacters = 63;
const hashCharacters = 8;

/** `host` may carry a port; `name` is `owner/name` or `group/subgroup/name`. Fails with INPUT_INVALID. */
export function repositoryId(host: string, name: string): string {
  const where = `repository "${name.slice(0, 200)}"`;
  if (name.length > mostName || !/^[\w.-]+(\/[\w.-]+)+$/.test(name)) {
    throw new SlipwayError("INPUT_INVALID", `"${name.slice(0, 200)}" can't be the name of a repository`, {
      where,
      hint: "Write it as owner/name.",
    });
  }
  return `${host}/${name}`.toLowerCase();
}

/**
 * The names that the preview's namespace may have: `pr-123-shop`, and where another repository's preview is called so
 * already, the same with a hash of its own. Both are DNS labels.
 */
export function previewNames(identity: PreviewIdentity): readonly [string, string] {
  const plain = `pr-${identity.number}-${dnsSafe(identity.release)}`;
  const hash = sha256OfParts(identity.repository, identity.release).slice(0, hashCharacters);
  const withHash = `${cut(plain, mostCharacters - hashCharacters - 1)}-${hash}`;
  const isFaithful = plain.length <= mostCharacters && plain === `pr-${identity.number}-${identity.release}`;
  return [isFaithful ? plain : withHash, withHash];
}

/** Equal for the same preview alone; fits a label. */
export function previewHash({ repository, number, release }: PreviewIdentity): string {
  return sha256OfParts(repository, String(number), release).slice(0, 32);
}

export function repositoryHash(repository: string): string {
  return sha256OfParts(repository).slice(0, 32);
}

/** As a person writes it: `github.com/owner/name#123 shop`. */
export function describePreview({ repository, number, release }: PreviewIdentity): string {
  return `${repository}#${number} ${release}`;
}

export function parsePreview(text: string): PreviewIdentity | undefined {
  const [, repository, number, release] =
    /^([\w.:-]+(?:\/[\w.-]+){2,})#(\d{1,15}) ([a-z0-9.-]{1,53})$/.exec(text.slice(0, 1000)) ?? [];
  if (repository === undefined || number === undefined || release === undefined) return undefined;
  return { repository, number: Number(number), release };
}

export function dnsSafe(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/-+$/, "");
}
