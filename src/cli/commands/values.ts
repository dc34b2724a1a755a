import { hasCode, SlipwayError } from "../../base/error.ts";
import type { GoValue } from "../../base/go-value.ts";
import { writeYaml } from "../../base/yaml/write.ts";
import { resolveChart } from "../../chart/resolve-chart.ts";
import { withOldValues } from "../../deploy/reuse-values.ts";
import { goToJson } from "../../release/chart-record.ts";
import { readable } from "../../release/history.ts";
import { coalesceValues } from "../../values/coalesce.ts";
import { readLayers } from "../../values/collect-values.ts";
import { explainer, type Mention, placeText } from "../../values/explain-value.ts";
import { processDependencies } from "../../values/process-dependencies.ts";
import { mergeLayers, recordLayer, type ValueLayer } from "../../values/value-layers.ts";
import { lookUp, parseValuePath } from "../../values/value-path.ts";
import { chartSource } from "../chart-source.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { helmVersion, valueReuse, valueSources } from "../deploy-options.ts";
import { type FlagReader, flagReader } from "../read-flags.ts";

/** `slipway values RELEASE|- CHART`: what the templates see, or where one value came from. */
export async function values(invocation: Invocation): Promise<ExitCode> {
  const { positionals, flags, terminal } = invocation;
  const [release = "", reference = ""] = positionals;
  const read = flagReader(flags);
  const helm = helmVersion(read);
  const [chart, layers] = await Promise.all([
    chartSource(reference, read, terminal).then((source) => resolveChart(source, { helm })),
    readLayers(valueSources(read, terminal)),
  ]);
  const given = { chart, layers, config: mergeLayers(layers), valuesFrom: [] };
  const source = release === "-" ? given : await withRelease(invocation, release, given);
  const processed = processDependencies(source.chart, source.config, { helm });
  const merged = coalesceValues(processed, source.config, { helm });
  const path = read.string("explain");
  if (path === undefined) {
    terminal.out.write(asText(merged, read));
    return 0;
  }
  const mentions = explainer({ chart: processed, layers: source.layers, helm })(parseValuePath(path));
  const value = lookUp(merged, parseValuePath(path));
  if (mentions.length === 0 && value === undefined) {
    throw new SlipwayError("VALUES_NOT_FOUND", `Nothing sets "${path}"`, {
      hint: "Write the path from the root of the values, such as image.tag, sub.image.tag or list[0].",
    });
  }
  terminal.out.write(explanation(path, value, mentions, read));
  return 0;
}

type Given = Parameters<typeof withOldValues>[1];

/** With what an upgrade of the release would take over. */
async function withRelease(invocation: Invocation, release: string, given: Given): Promise<Given> {
  const [{ openCluster, openSession }, { warningsOnly }] = await Promise.all([
    import("../session.ts"),
    import("../warnings.ts"),
  ]);
  const read = flagReader(invocation.flags);
  const cluster = await openCluster(invocation).catch((error: unknown) => {
    throw hasCode(error, "KUBE_CONFIG") ? withoutCluster(error, release) : error;
  });
  try {
    const session = openSession({ cluster, terminal: invocation.terminal, emit: warningsOnly(invocation.terminal) });
    const history = readable(await session.driver.history(release));
    const options = { reuse: valueReuse(read), helm: helmVersion(read) };
    const source = withOldValues(session, given, options, history);
    if (source === given) return given;
    const old = recordLayer(`revision ${history.at(-1)?.revision} of ${release}`, source.old ?? new Map());
    const layers: ValueLayer[] = [old, ...given.layers];
    return { ...source, layers };
  } finally {
    await cluster.close();
  }
}

function withoutCluster({ code, message, hint, where }: SlipwayError, release: string): SlipwayError {
  return new SlipwayError(code, message, {
    hint: `Write - in place of "${release}" for the values without a release, which needs no cluster. ${hint ?? ""}`.trimEnd(),
    ...(where !== undefined && { where }),
  });
}

function asText(value: GoValue, read: FlagReader): string {
  return read.string("output") === "json" ? `${JSON.stringify(goToJson(value), undefined, 2)}\n` : writeYaml(value);
}

function explanation(path: string, value: GoValue | undefined, mentions: Mention[], read: FlagReader): string {
  const winner = winnerOf(value, mentions);
  if (read.string("output") === "json") {
    const layers = mentions.map((mention) => ({
      source: mention.source,
      ...(mention.line !== undefined && { line: mention.line, column: mention.column }),
      path: mention.path.join("."),
      value: goToJson(mention.value),
      wins: mention === winner,
    }));
    const result = { path, value: value === undefined ? null : goToJson(value), isSet: value !== undefined, layers };
    return `${JSON.stringify(result, undefined, 2)}\n`;
  }
  const width = Math.max(0, ...mentions.map((mention) => placeText(mention).length));
  const lines = mentions.map((mention) => {
    const mark = mention === winner ? "*" : " ";
    const own = mention.path.join(".");
    const shown = own === path ? "" : `${own}: `;
    return `${mark} ${placeText(mention).padEnd(width)}  ${shown}${oneLineOf(mention.value)}`;
  });
  const result = value === undefined ? "is not set" : `= ${oneLineOf(value)}`;
  return `${path} ${result}\n${lines.map((line) => `${line.trimEnd()}\n`).join("")}`;
}

/** The strongest that says what came out; maps are merged, so no single one wins. */
function winnerOf(value: GoValue | undefined, mentions: readonly Mention[]): Mention | undefined {
  if (value instanceof Map) return undefined;
  const result = JSON.stringify(goToJson(value ?? null));
  return mentions.findLast((mention) =>
    mention.isAbove ? value === undefined : JSON.stringify(goToJson(mention.value)) === result,
  );
}

const longest = 200;

function oneLineOf(value: GoValue): string {
  const text = JSON.stringify(goToJson(value));
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
