import { SlipwayError } from "../../base/error.ts";

/** An address that an index names, as seen from its repository; the repository's query goes along, as in Helm. */
export function resolveUrl(repository: string, reference: string): URL {
  const base = webUrl(repository);
  if (/^[a-z][a-z0-9+.-]*:/i.test(reference)) return webUrl(reference);
  base.pathname = `${base.pathname.replace(/\/$/, "")}/`;
  const resolved = new URL(reference, base);
  resolved.search = base.search;
  return webUrl(resolved.href);
}

/** Throws INPUT_INVALID where it is no http or https address. */
export function webUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new SlipwayError("INPUT_INVALID", `"${text.slice(0, 200)}" is no address of a chart repository`, {
    hint: "Write https://…, or oci://… for a registry.",
  });
}

/** True where two addresses mean the same repository. */
export function isSameRepository(a: string, b: string): boolean {
  const [left, right] = [a, b].map(normalized);
  return left === right;
}

function normalized(text: string): string {
  if (!URL.canParse(text)) return text.replace(/\/+$/, "");
  const url = new URL(text);
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, "")}${url.search}`;
}
