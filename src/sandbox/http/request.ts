import type { Resources, ResourceType } from "../api/resources.ts";
import { methodNotAllowed, noSuchPath } from "../api/status.ts";

export type HttpRequest = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | string[] | undefined>;
  /** Read by the server before anything is decided. */
  body: Buffer;
};

/** What a request asks of which resource. */
export type ResourceRequest = HttpRequest & {
  type: ResourceType;
  namespace: string | undefined;
  name: string | undefined;
  /** Empty for the object itself. */
  subresource: string;
  verb: string;
};

/** Reads `/api/v1/…` and `/apis/GROUP/VERSION/…`; undefined for any other path, 404 where no such resource is served. */
export function resourceRequest(request: HttpRequest, resources: Resources): ResourceRequest | undefined {
  const parts = request.path.split("/").filter((part) => part !== "");
  const rest = parts[0] === "api" ? parts.slice(2) : parts.slice(3);
  if ((parts[0] !== "api" && parts[0] !== "apis") || rest.length === 0) return undefined;
  const [group, version] = parts[0] === "api" ? ["", parts[1] ?? ""] : [parts[1] ?? "", parts[2] ?? ""];
  const { namespace, plural, name, subresource } = split(rest.map(decode));
  const type = resources.find(group, version, plural);
  if (type === undefined || (type.namespaced && namespace === undefined && name !== undefined)) throw noSuchPath();
  if (!type.namespaced && namespace !== undefined) throw noSuchPath();
  const verb = verbOf(request, name);
  const served = subresource === "" ? type.verbs : type.subresources.find(({ name }) => name === subresource)?.verbs;
  if (served === undefined) throw noSuchPath();
  // A log is read with get; anything else must be a verb that discovery tells of.
  if (!served.includes(verb)) throw methodNotAllowed();
  if (name === undefined && (verb === "update" || verb === "patch")) throw methodNotAllowed();
  if (verb === "create" && type.namespaced && namespace === undefined) throw methodNotAllowed();
  return { ...request, type, namespace, name, subresource, verb };
}

type Parts = { namespace: string | undefined; plural: string; name: string | undefined; subresource: string };

function split(parts: string[]): Parts {
  const namespaceSubresource = parts[2] === "status" || parts[2] === "finalize";
  if (parts[0] === "namespaces" && parts.length >= 3 && !(namespaceSubresource && parts.length === 3)) {
    const [, namespace, plural = "", name, ...sub] = parts;
    return { namespace, plural, name, subresource: sub.join("/") };
  }
  const [plural = "", name, ...sub] = parts;
  return { namespace: undefined, plural, name, subresource: sub.join("/") };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw noSuchPath();
  }
}

function verbOf({ method, query }: HttpRequest, name: string | undefined): string {
  const watches = query.get("watch") === "true" || query.get("watch") === "1";
  switch (method) {
    case "GET":
    case "HEAD":
      if (watches) return "watch";
      return name === undefined ? "list" : "get";
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return name === undefined ? "deletecollection" : "delete";
    default:
      throw methodNotAllowed();
  }
}

/** The text of a header that comes once. */
export function header(request: HttpRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

export function isDryRun(request: HttpRequest): boolean {
  return request.query.getAll("dryRun").includes("All");
}
