import { inspect } from "../../deploy/inspect.ts";
import { describeRef } from "../../kube/ref.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { findRelease } from "../find-release.ts";
import { format, table } from "../output.ts";
import { flagReader } from "../read-flags.ts";
import { openCluster, openSession } from "../session.ts";
import { warningsOnly } from "../warnings.ts";
import { summaryOf } from "./list.ts";

/** `slipway status NAME`: what is recorded of it, and how its objects are now. */
export async function status(invocation: Invocation): Promise<ExitCode> {
  const { positionals, flags, terminal } = invocation;
  const [name = ""] = positionals;
  const read = flagReader(flags);
  const cluster = await openCluster(invocation);
  try {
    const session = openSession({ cluster, terminal, emit: warningsOnly(terminal) });
    const release = await findRelease(session, {
      name,
      namespace: cluster.namespace,
      revision: read.number("revision", 0),
    });
    const objects = await inspect(session, release);
    const form = read.string("output");
    const rows = objects.map(({ ref, health }) => [describeRef(ref), health.status, health.message]);
    if (form === "json" || form === "yaml") {
      const value = {
        ...summaryOf(release),
        description: release.description,
        notes: release.notes,
        objects: objects.map(({ ref, health }) => ({ ...ref, health })),
      };
      terminal.out.write(format(form, value, [], []));
      return 0;
    }
    const { namespace, revision, status: state, updated } = summaryOf(release);
    const head = {
      NAME: name,
      "LAST DEPLOYED": updated,
      NAMESPACE: namespace,
      STATUS: state,
      REVISION: revision,
      DESCRIPTION: release.description,
    };
    terminal.out.write(
      Object.entries(head)
        .map(([key, value]) => `${key}: ${value}\n`)
        .join(""),
    );
    terminal.out.write(`\n${table(["OBJECT", "HEALTH", "MESSAGE"], rows)}`);
    if (release.notes) terminal.out.write(`\nNOTES:\n${release.notes}\n`);
    return 0;
  } finally {
    await cluster.close();
  }
}
