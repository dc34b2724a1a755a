import { SlipwayError } from "../../base/error.ts";
import { arrayAt, objectAt, stringAt } from "../../base/json-path.ts";
import { materialOf, pathFrom } from "../config/material.ts";
import type { Entry } from "../config/select.ts";
import type { Connection } from "../connection.ts";
import { type Authenticate, anonymous, fixed, withToken, withTokenFile } from "./credentials.ts";
import { impersonating } from "./impersonation.ts";

type User = Entry & { name: string };

/** How a kubeconfig's user proves who it is. */
export function authenticatorOf(user: User, cluster: Pick<Connection, "server" | "tls">): Authenticate {
  const { value } = user;
  const groups = arrayAt(value, "as-groups").filter((group) => typeof group === "string");
  const certificate = clientCertificateOf(user);
  const byToken = tokenAuthenticator(user, cluster);
  const authenticate: Authenticate = certificate
    ? async (renew) => ({ clientCertificate: certificate, ...(await byToken(renew)) })
    : byToken;
  return impersonating(authenticate, { user: stringAt(value, "as"), groups });
}

function tokenAuthenticator(user: User, cluster: Pick<Connection, "server" | "tls">): Authenticate {
  const { value, folder, name, file } = user;
  const tokenFile = stringAt(value, "tokenFile");
  if (tokenFile) return withTokenFile(pathFrom(folder, tokenFile));
  const token = stringAt(value, "token");
  if (token) return withToken(token);

  const username = stringAt(value, "username");
  if (username) {
    const pair = Buffer.from(`${username}:${stringAt(value, "password") ?? ""}`).toString("base64");
    return fixed({ headers: { authorization: `Basic ${pair}` } });
  }
  const exec = objectAt(value, "exec");
  if (exec)
    return once(async () => (await import("./exec-plugin.ts")).withExecPlugin({ exec, folder, user: name, cluster }));
  const provider = objectAt(value, "auth-provider");
  if (!provider) return anonymous;
  return async () => {
    const { authProviderHeaders } = await import("./auth-provider.ts");
    return { headers: await authProviderHeaders(provider, { user: name, file }), renewable: true };
  };
}

function once(load: () => Promise<Authenticate>): Authenticate {
  let loading: Promise<Authenticate> | undefined;
  return async (renew) => {
    loading ??= load();
    return (await loading)(renew);
  };
}

function clientCertificateOf(user: User): { cert: string; key: string } | undefined {
  const cert = materialOf(user, "client-certificate");
  const key = materialOf(user, "client-key");
  if (cert !== undefined && key !== undefined) return { cert, key };
  if (cert === undefined && key === undefined) return undefined;
  const [has, lacks] = cert === undefined ? ["client-key", "client-certificate"] : ["client-certificate", "client-key"];
  throw new SlipwayError("KUBE_CONFIG", `The user "${user.name}" has a ${has} but no ${lacks}`, { where: user.file });
}
