/** How a request goes wrong: answered otherwise, cut off before it is read, or after it was carried out. */
export type Fault = { status: number; headers?: Record<string, string>; body?: unknown } | "drop" | "drop-answer";

/** The token may not do that. */
export const forbidden: Fault = {
  status: 403,
  body: { message: "Resource not accessible by integration", documentation_url: "", status: "403" },
};

/** Too many requests in a short time; GitHub answers either status. */
export function secondaryLimit(seconds: number, status: 403 | 429 = 403): Fault {
  return {
    status,
    headers: { "retry-after": String(seconds) },
    body: { message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again." },
  };
}

/** The hour's requests are used up until `reset`, in seconds since 1970. */
export function primaryLimit(reset: number): Fault {
  return {
    status: 403,
    headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) },
    body: { message: "API rate limit exceeded for installation." },
  };
}

export function serverError(status: 500 | 502 | 503 = 502): Fault {
  return { status, body: { message: "Server Error" } };
}

/** A proxy's page in place of an answer. */
export const webPage: Fault = { status: 503, headers: { "content-type": "text/html" }, body: "<html>No server</html>" };
