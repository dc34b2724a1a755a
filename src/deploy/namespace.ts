import { fieldManager } from "../apply/context.ts";
import { hasCode, SlipwayError } from "../base/error.ts";
import type { KubeObject } from "../kube/types.ts";
import type { Plan } from "../plan/types.ts";
import type { DeployOptions, Session } from "./options.ts";

/** `object` is absent where we may not see it. */
export type Place = { exists: boolean; object?: KubeObject };

/** Fails where it lacks and nobody asked to create it. One we may not see is assumed to be there. */
export async function findNamespace(session: Session, options: DeployOptions): Promise<Place> {
  const ref = { apiVersion: "v1", kind: "Namespace", name: options.namespace };
  try {
    const object = await session.kube.get(ref, { signal: session.signal });
    if (object) return { exists: true, object };
  } catch (error) {
    if (!hasCode(error, "KUBE_FORBIDDEN")) throw error;
    return { exists: true };
  }
  if (options.createNamespace) return { exists: false };
  throw new SlipwayError("KUBE_NOT_FOUND", `There is no namespace ${options.namespace}`, {
    where: `Namespace ${options.namespace}`,
    hint: "Create it with --create-namespace, or name another with --namespace.",
  });
}

export async function ensureNamespace(session: Session, plan: Plan): Promise<void> {
  if (!plan.createNamespace) return;
  const name = plan.namespace;
  try {
    const metadata = { name, labels: { name } };
    await session.kube.create(
      { apiVersion: "v1", kind: "Namespace", metadata },
      { fieldManager, signal: session.signal },
    );
    session.emit({
      type: "object",
      action: "create",
      ref: { apiVersion: "v1", kind: "Namespace", name },
      outcome: "done",
    });
  } catch (error) {
    // Another run made it in the meantime.
    if (!hasCode(error, "KUBE_CONFLICT")) throw error;
  }
}
