import { SlipwayError } from "../base/error.ts";
import type { Terminal } from "./command.ts";

/** Where `--oidc-audience` gets its tokens from; `undefined` where there is none. */
export async function tokenSource(
  audience: string | undefined,
  token: string | undefined,
  { env, keepSecret }: { env: Terminal["env"]; keepSecret: Terminal["keepSecret"] },
): Promise<(() => Promise<string>) | undefined> {
  if (audience === undefined) return undefined;
  if (token !== undefined) {
    throw new SlipwayError("INPUT_INVALID", "--oidc-audience and a token can't be given together", {
      hint: "Leave out --kube-token, and $SLIPWAY_KUBETOKEN or $HELM_KUBETOKEN, or --oidc-audience.",
    });
  }
  if (env["BUILDKITE"] === "true") {
    const { buildkiteTokenSource } = await import("./ci/buildkite-token.ts");
    return buildkiteTokenSource(audience, (secret) => keepSecret?.(secret));
  }
  const { oidcTokenSource } = await import("../github/oidc-token.ts");
  return oidcTokenSource({ audience, env, keepSecret: (secret) => keepSecret?.(secret) });
}
