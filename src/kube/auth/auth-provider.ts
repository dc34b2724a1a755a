import { SlipwayError } from "../../base/error.ts";
import { type JsonObject, stringAt, stringMapAt } from "../../base/json-path.ts";

/** Asks an auth-provider for a token, through the official client library. Of those there were only OIDC is left. */
export async function authProviderHeaders(
  provider: JsonObject,
  { user, file }: { user: string; file: string },
): Promise<Record<string, string>> {
  const name = stringAt(provider, "name") ?? "";
  try {
    if (name !== "oidc") throw new Error("Kubernetes 1.26 has removed it");
    // The library whole has 14 MB of generated API: this file of it is all that is needed, and only here.
    const { OpenIDConnectAuth } = await import("@kubernetes/client-node/dist/oidc_auth.js");
    const request: { headers: Record<string, string> } = { headers: {} };
    const account = { name: user, authProvider: { name, config: stringMapAt(provider, "config") } };
    await new OpenIDConnectAuth().applyAuthentication(account, request);
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
