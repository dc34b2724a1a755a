/** Every way in which Slipway can fail on purpose, prefixed by the layer that says so. Documented in docs/errors.md. */
export type ErrorCode =
  | "APPLY_FAILED"
  | "APPLY_HOOK_FAILED"
  | "CANCELLED"
  | "CHART_DIGEST"
  | "CHART_INVALID"
  | "CHART_LIMIT"
  | "CHART_NOT_FOUND"
  | "CHART_UNAUTHORIZED"
  | "CHART_UNREACHABLE"
  | "CHART_UNVERIFIED"
  | "GITHUB_REQUEST_FAILED"
  | "INPUT_INVALID"
  | "INPUT_UNKNOWN"
  | "JSON_INVALID"
  | "KUBE_CONFIG"
  | "KUBE_CONFLICT"
  | "KUBE_FORBIDDEN"
  | "KUBE_GONE"
  | "KUBE_INVALID"
  | "KUBE_NOT_FOUND"
  | "KUBE_REQUEST_FAILED"
  | "KUBE_UNAUTHORIZED"
  | "KUBE_UNREACHABLE"
  | "LIMIT_EXCEEDED"
  | "PLAN_CHANGED"
  | "PLAN_HAZARD"
  | "PLAN_INVALID"
  | "PLAN_ORDER"
  | "PLAN_OWNED_BY_OTHER"
  | "PLAN_UNKNOWN_KIND"
  | "PLAN_UNREPEATABLE"
  | "PREVIEW_HELD"
  | "PREVIEW_NOT_OURS"
  | "PREVIEW_SUPERSEDED"
  | "RELEASE_EXISTS"
  | "RELEASE_INVALID"
  | "RELEASE_LOCKED"
  | "RELEASE_NOT_FOUND"
  | "RELEASE_PENDING"
  | "RENDER_INVALID_MANIFEST"
  | "RENDER_POST_RENDERER"
  | "TEMPLATE_EXEC"
  | "TEMPLATE_PARSE"
  | "TOML_INVALID"
  | "VALUES_INVALID"
  | "VALUES_NOT_FOUND"
  | "VALUES_SCHEMA"
  | "YAML_INVALID";

/** One of several things that are wrong, at its place in a file: `file:line:column`. */
export type ErrorPlace = { where: string; message: string };

export type ErrorDetails = {
  /** The user's next step, as a sentence. */
  hint?: string;
  /** `file:line:column`, or `Kind namespace/name`. */
  where?: string;
  /** Lines that show the place or the evidence, already free of secrets. */
  detail?: string;
  /** What is wrong in which file, where `where` can't say it. */
  places?: readonly ErrorPlace[];
  cause?: unknown;
};

/** An expected failure: what could not be done, where, and what to do. Anything else that is thrown is a bug. */
export class SlipwayError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly where: string | undefined;
  readonly detail: string | undefined;
  readonly places: readonly ErrorPlace[] | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "SlipwayError";
    this.code = code;
    this.hint = details.hint;
    this.where = details.where;
    this.detail = details.detail;
    this.places = details.places;
  }
}

export function hasCode<Code extends ErrorCode>(
  error: unknown,
  ...codes: Code[]
): error is SlipwayError & { readonly code: Code } {
  return error instanceof SlipwayError && (codes as ErrorCode[]).includes(error.code);
}
