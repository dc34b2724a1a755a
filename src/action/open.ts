import { openSession } from "../cli/session.ts";
import type { DeployEvent } from "../deploy/events.ts";
import type { Session } from "../deploy/options.ts";
import { connect } from "../kube/connect.ts";
import type { SharedInputs } from "./inputs.ts";

export type Opened = { session: Session; namespace: string; close(): void };

type OpenOptions = { signal: AbortSignal; emit: (event: DeployEvent) => void; namespace?: string };

/** Connects as the inputs say; nothing is asked of the cluster yet. */
export async function open(inputs: SharedInputs, { signal, emit, namespace: known }: OpenOptions): Promise<Opened> {
  const kube = await connect(inputs.connection);
  const namespace = known ?? inputs.namespace ?? kube.defaultNamespace;
  const session = openSession({ cluster: { kube, namespace }, terminal: { env: process.env, signal }, emit });
  return { session, namespace, close: () => kube.close() };
}
