import { SlipwayError } from "../../base/error.ts";
import { booleanAt, stringAt } from "../../base/json-path.ts";
import { proxyFromEnvironment } from "../../base/proxy.ts";
import { authenticatorOf } from "../auth/authenticator.ts";
import { anonymous, withToken } from "../auth/credentials.ts";
import { impersonating } from "../auth/impersonation.ts";
import { withTokenSource } from "../auth/token-source.ts";
import type { Connection, ServerTrust } from "../connection.ts";
import { inCluster } from "./in-cluster.ts";
import { givenAuthority, materialOf } from "./material.ts";
import type { ConnectionOptions } from "./options.ts";
import { type SelectedContext, selectContext } from "./select.ts";
import { loadKubeconfig } from "./source.ts";

/** The connection that options, kubeconfig and environment say; nothing is asked of the cluster yet. */
export function resolveConnection(options: ConnectionOptions, env: NodeJS.ProcessEnv): Connection {
  const base = baseConnection(options, env);
  const authenticate = givenToken(options) ?? base.authenticate;
  return {
    ...base,
    tls: trustWith(options, base.tls),
    authenticate: impersonating(authenticate, { user: options.asUser, groups: options.asGroups }),
  };
}

function givenToken({ token, tokenSource }: ConnectionOptions): Connection["authenticate"] | undefined {
  if (token) return withToken(token);
  return tokenSource && withTokenSource(tokenSource);
}

function baseConnection(options: ConnectionOptions, env: NodeJS.ProcessEnv): Connection {
  const { kubeconfig, context, server, token, tokenSource } = options;
  const isAsked = Boolean(kubeconfig?.trim() || context);
  // Server and token together are all that is needed; a kubeconfig that lies about must not add to them.
  const documents = server && (token || tokenSource) && !isAsked ? [] : loadKubeconfig(kubeconfig || undefined, env);
  if (documents.length > 0) return fromContext(selectContext(documents, context), server, env);

  if (server) return plainConnection(serverUrl(server, "the server input"), env);
  const fromPod = inCluster(env);
  if (fromPod && !isAsked) return fromPod;
  throw new SlipwayError("KUBE_CONFIG", "There is no kubeconfig, and no server was given", {
    hint: "Give a kubeconfig (path or content), or server and token, or set KUBECONFIG.",
  });
}

function plainConnection(server: URL, env: NodeJS.ProcessEnv): Connection {
  return {
    server,
    namespace: "default",
    tls: { insecure: false },
    authenticate: anonymous,
    ...proxyFor(server, undefined, env),
  };
}

function fromContext(selected: SelectedContext, server: string | undefined, env: NodeJS.ProcessEnv): Connection {
  const { cluster, user } = selected;
  const url = serverUrl(
    server || stringAt(cluster.value, "server") || "",
    `${cluster.file}, context "${selected.name}"`,
  );
  const tls = trustOf(selected);
  return {
    server: url,
    namespace: selected.namespace ?? "default",
    tls,
    authenticate: user ? authenticatorOf(user, { server: url, tls }) : anonymous,
    ...proxyFor(url, stringAt(cluster.value, "proxy-url"), env),
  };
}

function trustOf({ cluster }: SelectedContext): ServerTrust {
  const ca = materialOf(cluster, "certificate-authority");
  const servername = stringAt(cluster.value, "tls-server-name");
  const insecure = booleanAt(cluster.value, "insecure-skip-tls-verify") ?? false;
  if (insecure && ca !== undefined) {
    throw new SlipwayError("KUBE_CONFIG", "A cluster has both a certificate-authority and insecure-skip-tls-verify", {
      hint: "Keep the certificate-authority, and remove insecure-skip-tls-verify.",
      where: cluster.file,
    });
  }
  return { insecure, ...(ca !== undefined && { ca }), ...(servername && { servername }) };
}

function trustWith(options: ConnectionOptions, base: ServerTrust): ServerTrust {
  const { certificateAuthority, insecureSkipTlsVerify, tlsServerName } = options;
  const { ca: _ca, ...rest } = base;
  const trust = { ...base, ...(tlsServerName && { servername: tlsServerName }) };
  if (insecureSkipTlsVerify) return { ...rest, insecure: true };
  return certificateAuthority ? { ...trust, ca: givenAuthority(certificateAuthority), insecure: false } : trust;
}

function proxyFor(server: URL, named: string | undefined, env: NodeJS.ProcessEnv): { proxy?: URL } {
  const proxy = named ? proxyUrl(named) : proxyFromEnvironment(server, env);
  return proxy ? { proxy } : {};
}

function proxyUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new SlipwayError("KUBE_CONFIG", `The proxy-url "${text}" is not the address of an HTTP proxy`);
}

function serverUrl(text: string, where: string): URL {
  const address = text.includes("://") ? text : `https://${text}`;
  const url = text !== "" && URL.canParse(address) ? new URL(address) : undefined;
  if (url && (url.protocol === "https:" || url.protocol === "http:")) return url;
  throw new SlipwayError("KUBE_CONFIG", `"${text}" is not the address of an API server`, {
    hint: "Write it like https://cluster.example.com:6443.",
    where,
  });
}
