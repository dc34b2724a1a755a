import type { Resource } from "../../kube/types.ts";

export type Cause = { reason: string; message: string; field: string };
type Details = {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: Cause[];
  retryAfterSeconds?: number;
};

export type Status = {
  kind: "Status";
  apiVersion: "v1";
  metadata: Record<string, never>;
  status: "Success" | "Failure";
  message?: string;
  reason?: string;
  details?: Details;
  code?: number;
};

/** An answer that is not a success, in the words of the API server. */
export class ApiError extends Error {
  readonly status: Status;
  /** What the answer warns of besides. */
  warnings: string[] = [];
  constructor(code: number, reason: string, message: string, details?: Details) {
    super(message);
    const head = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message } as const;
    const why = reason === "" ? head : { ...head, reason };
    this.status = details === undefined ? { ...why, code } : { ...why, details, code };
  }
}

type Named = Pick<Resource, "group" | "plural">;

function details(resource: Named, name: string): Details {
  return { name, ...(resource.group === "" ? {} : { group: resource.group }), kind: resource.plural };
}

/** `deployments.apps`. */
export function qualified(resource: Named): string {
  return resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;
}

export function notFound(resource: Named, name: string): ApiError {
  return new ApiError(404, "NotFound", `${qualified(resource)} "${name}" not found`, details(resource, name));
}

export function noSuchPath(): ApiError {
  return new ApiError(404, "NotFound", "the server could not find the requested resource", {});
}

export function alreadyExists(resource: Named, name: string): ApiError {
  const message = `${qualified(resource)} "${name}" already exists`;
  return new ApiError(409, "AlreadyExists", message, details(resource, name));
}

const modified = "the object has been modified; please apply your changes to the latest version and try again";

export function conflict(resource: Named, name: string, why = modified): ApiError {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`;
  return new ApiError(409, "Conflict", message, details(resource, name));
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, "BadRequest", message);
}

export function methodNotAllowed(): ApiError {
  return new ApiError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {});
}

export function forbidden(resource: Named, name: string, why: string, causes?: Cause[]): ApiError {
  const message = `${qualified(resource)}${name === "" ? "" : ` "${name}"`} is forbidden: ${why}`;
  const { name: _, ...unnamed } = details(resource, name);
  const known: Details = name === "" ? unnamed : details(resource, name);
  return new ApiError(403, "Forbidden", message, causes === undefined ? known : { ...known, causes });
}

export function expired(): ApiError {
  return new ApiError(410, "Expired", "The resourceVersion for the provided watch is too old.");
}

/** 422. A cause's text is `field: message`, as kubectl prints it. */
export function invalid(resource: Pick<Resource, "group" | "kind">, name: string, causes: Cause[]): ApiError {
  const lines = [...new Set(causes.map((cause) => `${cause.field}: ${cause.message}`))];
  const all = lines.length === 1 ? lines.join("") : `[${lines.join(", ")}]`;
  const kind = resource.group === "" ? resource.kind : `${resource.kind}.${resource.group}`;
  return new ApiError(422, "Invalid", `${kind} "${name}" is invalid: ${all}`, {
    ...(name === "" ? {} : { name }),
    ...(resource.group === "" ? {} : { group: resource.group }),
    kind: resource.kind,
    causes,
  });
}

export function success(resource: Named, name: string, uid: string): Status {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { ...details(resource, name), uid },
  };
}
