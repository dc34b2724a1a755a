import { deploy as deployRelease, plan as planRelease } from "../../deploy/deploy.ts";
import { chartSource } from "../chart-source.ts";
import { newNameAndChart } from "../chosen-name.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { deployOptions, valueSources } from "../deploy-options.ts";
import { finish } from "../finish.ts";
import { writePlan } from "../plan-output.ts";
import { flagReader } from "../read-flags.ts";
import { openCluster, openSession } from "../session.ts";
import { telling } from "../telling.ts";

/** `slipway deploy NAME CHART`. */
export async function deploy(invocation: Invocation): Promise<ExitCode> {
  const { positionals, flags, terminal } = invocation;
  const read = flagReader(flags);
  const { name, chart } = newNameAndChart(positionals, read, terminal.env);
  const dryRun = read.string("dry-run") ?? "none";
  if (dryRun !== "none" && dryRun !== "false") return await plan(invocation);
  const form = read.string("output");
  const told = telling(terminal, form);
  const cluster = await openCluster(invocation);
  try {
    const session = openSession({ cluster, terminal, emit: told.emit });
    const source = await chartSource(chart, read, terminal);
    const result = await deployRelease(
      session,
      deployOptions(
        { release: name, chart: source, namespace: cluster.namespace, values: valueSources(read, terminal) },
        read,
      ),
    );
    told.close();
    return finish(result, {
      terminal,
      paint: told.paint,
      form,
      done: `Release ${name} is deployed: revision ${result.revision}`,
      hideNotes: read.boolean("hide-notes"),
    });
  } finally {
    told.close();
    await cluster.close();
  }
}

/** `slipway plan NAME CHART`. */
export async function plan(invocation: Invocation): Promise<ExitCode> {
  const { positionals, flags, terminal } = invocation;
  const read = flagReader(flags);
  const { name, chart } = newNameAndChart(positionals, read, terminal.env);
  const cluster = await openCluster(invocation);
  const form = read.string("output");
  const told = telling(terminal, form);
  try {
    const emit = (event: Parameters<typeof told.emit>[0]) => (event.type === "plan" ? undefined : told.emit(event));
    const session = openSession({ cluster, terminal, emit });
    const source = await chartSource(chart, read, terminal);
    const { plan: planned, hasWork } = await planRelease(
      session,
      deployOptions(
        { release: name, chart: source, namespace: cluster.namespace, values: valueSources(read, terminal) },
        read,
      ),
    );
    told.close();
    writePlan(planned, { terminal, paint: told.paint, form });
    return hasWork && read.boolean("exit-code") ? 2 : 0;
  } finally {
    told.close();
    await cluster.close();
  }
}
