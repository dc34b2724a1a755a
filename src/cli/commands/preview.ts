import { writeYamlPlain } from "../../base/yaml/write.ts";
import { environmentUrl } from "../../deploy/environment-url.ts";
import { bringDown } from "../../deploy/preview/down.ts";
import { sessionIn } from "../../deploy/preview/session.ts";
import { type Swept, sweep } from "../../deploy/preview/sweep.ts";
import { bringUp, type UpResult } from "../../deploy/preview/up.ts";
import { sweptLines } from "../../report/preview.ts";
import { minuteInWords } from "../../report/preview-comment.ts";
import { chartSource } from "../chart-source.ts";
import type { ExitCode, Invocation, Terminal } from "../command.ts";
import { carryOutOptions, deployOptions, valueSources } from "../deploy-options.ts";
import { finish, resultData } from "../finish.ts";
import {
  identityFrom,
  namesFrom,
  previewSession,
  pullRequestFrom,
  repositoryFrom,
  upOptions,
} from "../preview-options.ts";
import { flagReader } from "../read-flags.ts";
import { type Cluster, openCluster } from "../session.ts";
import { type Telling, telling } from "../telling.ts";

/** `slipway preview up NAME CHART`. */
export async function previewUp(invocation: Invocation): Promise<ExitCode> {
  const { positionals, flags, terminal } = invocation;
  const [release = "", chart = ""] = positionals;
  const read = flagReader(flags);
  const identity = identityFrom(read, terminal.env, release);
  const up = upOptions(read, identity);
  return await inCluster(invocation, async (cluster, told) => {
    const session = previewSession(cluster, { terminal, emit: told.emit });
    const source = await chartSource(chart, read, terminal);
    const values = valueSources(read, terminal, pullRequestFrom(read));
    const {
      namespace: _,
      createNamespace: __,
      ...deploy
    } = deployOptions({ release, chart: source, namespace: "", values }, read);
    const result = await bringUp(session, {
      ...up,
      keepSecret: (secret) => terminal.keepSecret?.(secret),
      deploy: { ...deploy, ...(up.commit && { origin: { commit: up.commit } }) },
    });
    told.close();
    const url =
      result.kind === "up" && result.result.cause === undefined
        ? await environmentUrl(sessionIn(session, result.namespace), release)
        : undefined;
    return tellUp(result, { terminal, told, form: read.string("output"), url });
  });
}

type Ended = { terminal: Terminal; told: Telling; form: string | undefined; url: string | undefined };

function tellUp(up: UpResult, { terminal, told, form, url }: Ended): ExitCode {
  if (up.kind !== "up") {
    const why = up.kind === "closed" ? "Its pull request is closed: there is nothing to bring up." : `${up.why}.`;
    if (!writeData(terminal, form, { preview: up.kind, ...up })) terminal.out.write(`${why}\n`);
    return 0;
  }
  const { result, namespace, expires } = up;
  const until = expires === undefined ? "" : ` until ${minuteInWords(expires)}`;
  const isData = writeData(terminal, form, {
    preview: result.cause === undefined ? "up" : "failed",
    ...resultData(result),
    ...(url && { url }),
  });
  const done = `The preview is up in namespace ${namespace}${until}${url ? `: ${url}` : ""}`;
  return finish(result, { terminal, paint: told.paint, form: isData ? "told" : undefined, done });
}

/** `slipway preview down NAME`. */
export async function previewDown(invocation: Invocation): Promise<ExitCode> {
  const { positionals, flags, terminal } = invocation;
  const read = flagReader(flags);
  const identity = identityFrom(read, terminal.env, positionals[0] ?? "");
  return await inCluster(invocation, async (cluster, told) => {
    const session = previewSession(cluster, { terminal, emit: told.emit });
    const result = await bringDown(session, { ...carryOutOptions(read), identity, names: namesFrom(read, identity) });
    told.close();
    const texts = {
      absent: "There is no such preview.",
      down: `The preview is gone, with its namespace ${result.namespace}`,
      kept: `Another run has brought the preview in namespace ${result.namespace} up meanwhile: it is left alone.`,
    };
    if (!writeData(terminal, read.string("output"), { preview: result.kind, namespace: result.namespace ?? "" }))
      terminal.out.write(`${texts[result.kind]}\n`);
    return 0;
  });
}

/** `slipway preview sweep`. */
export async function previewSweep(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal } = invocation;
  const read = flagReader(flags);
  const repository = read.boolean("all-repositories") ? undefined : repositoryFrom(read, terminal.env);
  const closed = new Set(read.strings("closed"));
  return await inCluster(invocation, async (cluster, told) => {
    const emit: typeof told.emit = (event) => (event.type === "warning" ? told.emit(event) : undefined);
    const swept = await sweep(previewSession(cluster, { terminal, emit }), {
      ...carryOutOptions(read),
      ...(repository !== undefined && { repository }),
      stateOf: async ({ number }) => (repository !== undefined && closed.has(String(number)) ? "closed" : "open"),
      dryRun: read.boolean("dry-run"),
    });
    told.close();
    if (
      !writeData(
        terminal,
        read.string("output"),
        swept.map(({ identity: _, environment: __, ...row }) => row),
      )
    )
      terminal.out.write(`${sweptLines(swept).join("\n")}\n`);
    return swept.some(isFailure) ? 1 : 0;
  });
}

function isFailure({ outcome }: Swept): boolean {
  return outcome === "held" || outcome === "failed";
}

async function inCluster(
  invocation: Invocation,
  work: (cluster: Cluster, told: Telling) => Promise<ExitCode>,
): Promise<ExitCode> {
  const told = telling(invocation.terminal, flagReader(invocation.flags).string("output"));
  const cluster = await openCluster(invocation);
  try {
    return await work(cluster, told);
  } finally {
    told.close();
    await cluster.close();
  }
}

/** True where the result was asked for as data, and is written. */
function writeData({ out }: Terminal, form: string | undefined, data: unknown): boolean {
  if (form === "json") out.write(`${JSON.stringify(data, undefined, 2)}\n`);
  else if (form === "yaml") out.write(writeYamlPlain(data));
  return form === "json" || form === "yaml";
}
