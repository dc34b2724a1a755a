import { SlipwayError } from "../../base/error.ts";

/** A chart in a registry: `repository` is the path there; a tag, a digest, both or neither. */
export type OciReference = { host: string; repository: string; tag?: string; digest?: string };

export const ociPrefix = "oci://";
const hostPattern = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;
const repositoryPattern = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^sha256:[0-9a-f]{64}$/;

export function isOci(text: string): boolean {
  return text.startsWith(ociPrefix);
}

/** Reads `oci://HOST/PATH[:TAG][@DIGEST]`; fails with INPUT_INVALID. */
export function parseReference(text: string): OciReference {
  const rest = text.replace(/^oci:\/\//, "");
  const [name = "", digest] = cutLast(rest, "@");
  const slash = name.indexOf("/");
  const host = slash < 0 ? "" : name.slice(0, slash);
  const [repository = "", tag] = cutLast(name.slice(slash + 1), ":");
  if (!hostPattern.test(host)) throw invalid(text, "it needs a host and a path");
  if (!repositoryPattern.test(repository)) throw invalid(text, `"${repository}" can't be a path in a registry`);
  const wireTag = tag === undefined ? undefined : toTag(tag);
  if (wireTag !== undefined && !tagPattern.test(wireTag)) throw invalid(text, `"${tag}" can't be a tag`);
  if (digest !== undefined && !digestPattern.test(digest)) throw invalid(text, `"${digest}" is no SHA-256 digest`);
  return { host, repository, ...(wireTag !== undefined && { tag: wireTag }), ...(digest !== undefined && { digest }) };
}

/** Tags have no `+`: what a version says after it, a tag says after `_`. */
export function toTag(version: string): string {
  return version.replaceAll("+", "_");
}

export function fromTag(tag: string): string {
  return tag.replaceAll("_", "+");
}

/** The whole reference without its scheme, as Helm prints it. */
export function formatReference({ host, repository, tag, digest }: OciReference): string {
  return `${host}/${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** The last part of the path, which is the chart's name. */
export function chartNameOf({ repository }: OciReference): string {
  return repository.slice(repository.lastIndexOf("/") + 1);
}

function cutLast(text: string, mark: string): [string, string | undefined] {
  const at = text.lastIndexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function invalid(text: string, why: string): SlipwayError {
  return new SlipwayError("INPUT_INVALID", `Cannot read the reference "${text.slice(0, 300)}": ${why}`, {
    hint: "Write oci://HOST/PATH/CHART, where wanted with :VERSION or @sha256:DIGEST behind it.",
  });
}
