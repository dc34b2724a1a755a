import { type ErrorCode, SlipwayError } from "../base/error.ts";
import { arrayAt, stringAt } from "../base/json-path.ts";
import type { ConnectionError } from "./wire/wire.ts";

/** What a request is about, for messages. */
export type Subject = {
  /** As RBAC spells it: get, list, watch, create, update, patch, delete. */
  verb: string;
  /** As RBAC spells it, `deployments.apps`; or the path, where it is no resource. */
  resource: string;
  kind?: string;
  namespace?: string;
  name?: string;
};

const codes: Record<number, ErrorCode> = {
  400: "KUBE_INVALID",
  401: "KUBE_UNAUTHORIZED",
  403: "KUBE_FORBIDDEN",
  404: "KUBE_NOT_FOUND",
  409: "KUBE_CONFLICT",
  410: "KUBE_GONE",
  422: "KUBE_INVALID",
};

/** The error for an answer that is not a success; `text` is its body, a Status object where the API server wrote it. */
export function failureOf(status: number, text: string, subject: Subject, who?: string): SlipwayError {
  const body = parseStatus(text);
  const reason = stringAt(body, "message") ?? (plainText(text) || `status ${status}`);
  const where = whereOf(subject);
  const causes = arrayAt(body, "details", "causes").flatMap((cause) => {
    const message = stringAt(cause, "message");
    return message === undefined ? [] : [`${stringAt(cause, "field") ?? "object"}: ${message}`];
  });
  const isPlainHttp = status === 400 && text.includes("HTTP request to an HTTPS server");
  const hint = isPlainHttp ? "Begin the server's address with https://." : hintOf(status, subject, who);
  return new SlipwayError(codes[status] ?? "KUBE_REQUEST_FAILED", `Cannot ${actionOf(subject)}: ${reason}`, {
    cause: { status, reason: stringAt(body, "reason"), details: body?.["details"] },
    ...(hint !== undefined && { hint }),
    ...(where !== undefined && { where }),
    ...(causes.length > 1 && { detail: causes.join("\n") }),
  });
}

/** `list pods in namespace "shop"`. */
export function actionOf({ verb, resource, namespace, name }: Subject): string {
  const named = name === undefined ? "" : ` "${name}"`;
  const inNamespace = namespace === undefined ? "" : ` in namespace "${namespace}"`;
  return `${verb} ${resource}${named}${inNamespace}`;
}

export function unreachable(server: string, subject: Subject, error: ConnectionError): SlipwayError {
  const message = error.sent
    ? `Cannot ${actionOf(subject)}: the connection to ${server} broke: ${error.message}`
    : `Cannot reach the API server at ${server}: ${error.message}`;
  return new SlipwayError("KUBE_UNREACHABLE", message, { hint: hintForConnection(error), cause: error });
}

/** True where asking again can't help: the server's name or its certificate is wrong. */
export function isLasting(error: ConnectionError): boolean {
  const code = codeOf(error);
  return isCertificate(code) || code === "ENOTFOUND" || code === "EPROTO" || code.startsWith("ERR_SSL");
}

function hintForConnection(error: ConnectionError): string {
  const code = codeOf(error);
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return "The server's certificate is for another name. Use that name as the server, or set tls-server-name.";
  }
  if (isCertificate(code)) {
    return "The server's certificate is not trusted. Give its authority as certificate-authority, or in the kubeconfig.";
  }
  if (code === "ENOTFOUND") return "No such host. Check the server's name in the kubeconfig or the server input.";
  if (code === "ECONNREFUSED")
    return "Nothing listens there. Check the address and the port, and that the cluster runs.";
  if (code === "EPROTO" || code.startsWith("ERR_SSL")) {
    return "The two sides do not speak the same protocol. Check http or https, and the port.";
  }
  return "Check that the cluster runs and that this machine can reach it: network, firewall, VPN, proxy.";
}

function isCertificate(code: string): boolean {
  return /CERT|UNABLE_TO_(VERIFY|GET_ISSUER)/.test(code);
}

function codeOf(error: ConnectionError): string {
  const { cause } = error;
  if (cause instanceof AggregateError) return stringAt(cause.errors[0], "code") ?? "";
  return (cause instanceof Error && "code" in cause && String(cause.code)) || "";
}

function hintOf(status: number, { verb, resource, namespace }: Subject, who?: string): string | undefined {
  if (status === 401 && who !== undefined)
    return `The API server does not trust this token: ${who}. Compare it with its AuthenticationConfiguration.`;
  if (status === 401)
    return "The cluster does not know who asks. Renew the token or the credentials of the kubeconfig.";
  if (status === 403) {
    const where = namespace === undefined ? "a ClusterRole" : `a Role in namespace "${namespace}"`;
    return `Grant the user the verb "${verb}" on "${resource}" with ${where}.`;
  }
  if (status === 413) return "The object is too large for the API server.";
  if (status === 429 || status >= 500) return "The API server is overloaded or unwell. Try again later.";
  return undefined;
}

function whereOf({ kind, namespace, name }: Subject): string | undefined {
  if (kind === undefined || name === undefined) return undefined;
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

function parseStatus(text: string): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return stringAt(body, "kind") === "Status" ? (body as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

// A proxy's page in HTML, or a line of text.
function plainText(text: string): string {
  const words = text
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return words.length > 200 ? `${words.slice(0, 200)}…` : words;
}
