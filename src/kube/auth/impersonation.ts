import { SlipwayError } from "../../base/error.ts";
import type { Authenticate } from "./credentials.ts";

type Identity = { user?: string | undefined; groups?: string[] | undefined };

/** Acts as another user, where the cluster lets it. */
export function impersonating(authenticate: Authenticate, { user, groups = [] }: Identity): Authenticate {
  if (!user && groups.length === 0) return authenticate;
  if (!user) {
    throw new SlipwayError("KUBE_CONFIG", "Groups to act as were given without a user to act as", {
      hint: "Name the user too, with --as.",
    });
  }
  return async (renew) => {
    const credentials = await authenticate(renew);
    const headers = {
      ...credentials.headers,
      "impersonate-user": user,
      ...(groups.length > 0 && { "impersonate-group": groups }),
    };
    return { ...credentials, headers };
  };
}
