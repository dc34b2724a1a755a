import { deploy as deployRelease, plan as planRelease } from "../../deploy/deploy.ts";
import type { PlanResult } from "../../deploy/result.ts";
import { readSavedPlan, writeSavedPlan } from "../../deploy/saved-plan/file.ts";
import type { SavedPlan } from "../../deploy/saved-plan/types.ts";
import { shownPlan } from "../../report/shown-change.ts";
import { chartSource } from "../chart-source.ts";
import { newNameAndChart } from "../chosen-name.ts";
import type { ExitCode, Invocation, Terminal } from "../command.ts";
import { deployOptions, valueSources } from "../deploy-options.ts";
import { finish } from "../finish.ts";
import { writePlan } from "../plan-output.ts";
import { type FlagReader, flagReader, optional } from "../read-flags.ts";
import { openCluster, openSession } from "../session.ts";
import { telling } from "../telling.ts";

/** `slipway deploy NAME CHART`. */
export async function deploy(invocation: Invocation): Promise<ExitCode> {
  const { positionals, flags, terminal } = invocation;
  const read = flagReader(flags);
  const { name, chart } = newNameAndChart(positionals, read, terminal.env);
  const dryRun = read.string("dry-run") ?? "none";
  if (dryRun !== "none" && dryRun !== "false") return await plan(invocation);
  const asPlanned = planToDeploy(read);
  const form = read.string("output");
  terminal.ci?.about({ command: "deploy", release: name, chart, ...optional("namespace", read.string("namespace")) });
  const told = telling(terminal, form);
  const cluster = await openCluster(invocation);
  try {
    const session = openSession({ cluster, terminal, emit: told.emit });
    const source = await chartSource(chart, read, terminal);
    const values = valueSources(read, terminal);
    const options = deployOptions({ release: name, chart: source, namespace: cluster.namespace, values }, read);
    const result = await deployRelease(session, { ...options, ...asPlanned });
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
  const asPlanned = planToDeploy(read);
  terminal.ci?.about({ command: "plan", release: name, chart, ...optional("namespace", read.string("namespace")) });
  const cluster = await openCluster(invocation);
  const form = read.string("output");
  const told = telling(terminal, form);
  try {
    const emit = (event: Parameters<typeof told.emit>[0]) =>
      event.type === "plan" ? terminal.ci?.see(event) : told.emit(event);
    const session = openSession({ cluster, terminal, emit });
    const source = await chartSource(chart, read, terminal);
    const values = valueSources(read, terminal);
    const options = deployOptions({ release: name, chart: source, namespace: cluster.namespace, values }, read);
    const result = await planRelease(session, { ...options, ...asPlanned });
    told.close();
    writePlan(result.plan, { terminal, paint: told.paint, form });
    tellPlan(result, cluster.namespace, terminal);
    await keepPlan(result, read.string("out"), terminal);
    return result.hasWork && read.boolean("exit-code") ? 2 : 0;
  } finally {
    told.close();
    await cluster.close();
  }
}

function tellPlan({ plan, notes, hasWork }: PlanResult, namespace: string, { ci }: Terminal): void {
  const { changes, definitions = [], hooks = [] } = shownPlan(plan);
  ci?.end({ kind: "planned", notes, hooks, hasWork }, [...definitions, ...changes], namespace);
}

function planToDeploy(read: FlagReader): { asPlanned?: SavedPlan } {
  const path = read.string("plan");
  return path === undefined ? {} : { asPlanned: readSavedPlan(path) };
}

async function keepPlan({ save }: PlanResult, path: string | undefined, { redact, err }: Terminal): Promise<void> {
  if (path === undefined) return;
  writeSavedPlan(path, await save((text) => redact !== undefined && redact(text) !== text));
  err.write(`The plan is kept in ${path}: deploy it with slipway deploy --plan ${path}\n`);
}
