import { fieldManager } from "../apply/context.ts";
import { hasCode, SlipwayError } from "../base/error.ts";
import type { Plan } from "../plan/types.ts";
import type { DeployOptions, Session } from "./options.ts";

/** False where it is to be created; fails where it lacks and nobody asked to create it. One we may not see is assumed. */
export async function namespaceExists(session: Session, options: DeployOptions): Promise<boolean> {
  const ref = { apiVersion: "v1", kind: "Namespace", name: options.namespace };
  try {
    if (await session.kube.get(ref, { signal: session.signal })) return true;
  } catch (error) {
    if (!hasCode(error, "KUBE_FORBIDDEN")) throw error;
    return true;
  }
  if (options.createNamespace) return false;
  throw new SlipwayError("KUBE_NOT_FOUND", `There is no namespace ${options.namespace}`, {
    where: `Namespace ${options.namespace}`,
    hint: "Create it with --create-namespace, or name another with -n.",
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
