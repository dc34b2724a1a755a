import { openSession } from "../cli/session.ts";
import type { DeployEvent } from "../deploy/events.ts";
import type { Session } from "../deploy/options.ts";
import { oidcTokenSource } from "../github/oidc-token.ts";
import { connect } from "../kube/connect.ts";
import type { SharedInputs } from "./inputs.ts";

export type Opened = { session: Session; namespace: string; close(): void };

type OpenOptions = {
  signal: AbortSignal;
  emit: (event: DeployEvent) => void;
  namespace?: string;
  /** Told of each secret that comes up while it works. */
  keepSecret: (secret: string) => void;
};

/** Connects as the inputs say; nothing is asked of the cluster yet. */
export async function open(inputs: SharedInputs, options: OpenOptions): Promise<Opened> {
  const { signal, emit, namespace: known, keepSecret } = options;
  const { audience, ...connection } = inputs.connection;
  const kube = await connect(
    audience === undefined
      ? connection
      : { ...connection, tokenSource: oidcTokenSource({ audience, env: process.env, keepSecret }) },
  );
  const namespace = known ?? inputs.namespace ?? kube.defaultNamespace;
  const session = openSession({ cluster: { kube, namespace }, terminal: { env: process.env, signal }, emit });
  return { session, namespace, close: () => kube.close() };
}
