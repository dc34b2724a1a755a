import { writeYamlPlain } from "../base/yaml/write.ts";
import type { Plan } from "../plan/types.ts";
import { countChanges } from "../report/changes-text.ts";
import { diffLines } from "../report/diff-text.ts";
import type { Paint } from "../report/paint.ts";
import type { Terminal } from "./command.ts";

/** A plan as data: names, actions and RFC 6902 operations. */
export function planData(plan: Plan) {
  return {
    release: plan.release,
    namespace: plan.namespace,
    revision: plan.revision,
    createNamespace: plan.createNamespace,
    changes: plan.changes.map(({ action, ref, source, reason, operations }) => ({
      action,
      ...ref,
      ...(source ? { source } : {}),
      ...(reason ? { reason } : {}),
      operations,
    })),
  };
}

type Place = { terminal: Terminal; paint: Paint; form: string | undefined };

export async function writePlan(plan: Plan, { terminal, paint, form }: Place): Promise<void> {
  if (form === "json") return terminal.out.write(`${JSON.stringify(planData(plan), undefined, 2)}\n`);
  if (form === "yaml") return terminal.out.write(writeYamlPlain(planData(plan)));
  for (const change of plan.changes) {
    for (const line of diffLines(change, paint)) terminal.out.write(`${line}\n`);
  }
  terminal.out.write(
    `${plan.createNamespace ? `The namespace ${plan.namespace} will be created. ` : ""}Plan: ${countChanges(plan.changes)}\n`,
  );
}
