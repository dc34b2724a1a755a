import { SlipwayError } from "../../base/error.ts";
import { type JsonObject, stringAt, stringMapAt } from "../../base/json-path.ts";

/** Asks an auth-provider (OIDC, mostly) for a token, through the official client library. */
export async function authProviderHeaders(
  provider: JsonObject,
  { user, file }: { user: string; file: string },
): Promise<Record<string, string>> {
  const name = stringAt(provider, "name") ?? "";
  try {
    // A megabyte and a tenth of a second to load: only those pay who need it.
    const { KubeConfig } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    config.loadFromOptions({
      clusters: [{ name: "cluster", server: "https://localhost", skipTLSVerify: false }],
      users: [{ name: user, authProvider: { name, config: stringMapAt(provider, "config") } }],
      contexts: [{ name: "context", cluster: "cluster", user }],
      currentContext: "context",
    });
    const request: { headers: Record<string, string> } = { headers: {} };
    await config.applyToHTTPSOptions(request);
    const authorization = request.headers["Authorization"];
    if (authorization) return { authorization };
    throw new Error("it gave no token");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SlipwayError("KUBE_CONFIG", `The auth-provider "${name}" of the user "${user}" failed: ${reason}`, {
      hint: "Log in again with the tool that made this kubeconfig, or use an exec plugin or a token.",
      where: file,
      cause,
    });
  }
}
