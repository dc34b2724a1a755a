import type { GoMap } from "../base/go-value.ts";
import { isJsonObject, objectAt, stringAt } from "../base/json-path.ts";
import { lastDeployed, wasUninstalled } from "../release/history.ts";
import type { Release } from "../release/types.ts";
import { coalesceUnder, coalesceValues } from "../values/coalesce.ts";
import { fromJson } from "../values/json-prefix.ts";
import type { DeployOptions, Session } from "./options.ts";
import type { Source } from "./prepare.ts";

/**
 * What of an upgrade's values comes from the revision that runs. `auto`: all of the user's, where none are given now;
 * `reset`: nothing; `reuse`: the user's below those given now, and the old chart's defaults;
 * `reset-then-reuse`: the user's below those given now, with the new chart's defaults.
 */
export type ValueReuse = "auto" | "reset" | "reuse" | "reset-then-reuse";

/** The chart and the values to render an upgrade with, as Helm works them out. */
export function withOldValues(
  { emit }: Pick<Session, "emit">,
  source: Source,
  { reuse = "auto", helm }: Pick<DeployOptions, "reuse" | "helm">,
  history: Release[],
): Source {
  const last = history.at(-1);
  if (reuse === "reset" || last === undefined || wasUninstalled(last)) return source;
  const current = last.status === "deployed" ? last : (lastDeployed(history) ?? last);
  const old = mapFrom(current.config);
  const { chart, config } = source;
  if (reuse === "auto") {
    if (config.size > 0 || old.size === 0) return source;
    emit({
      type: "warning",
      message: `No values are given: those of revision ${current.revision} are used again, as Helm does. To go by the chart's alone, reset them (--reset-values, values-mode: reset)`,
    });
    return { ...source, old, config: old };
  }
  const merged = coalesceUnder(config, old);
  if (reuse === "reset-then-reuse") return { ...source, old, config: merged };
  return { ...source, old, chart: { ...chart, values: oldValues(current, helm) }, config: merged };
}

/** The values that the revision was rendered with; its record has no subcharts, only what their chart made of them. */
function oldValues({ chart, config }: Release, helm: DeployOptions["helm"]): GoMap {
  const recorded = {
    metadata: { apiVersion: "v2", name: stringAt(chart, "metadata", "name") ?? "", version: "" },
    values: mapFrom(objectAt(chart, "values")),
    templates: [],
    files: [],
    raw: [],
    dependencies: [],
    origin: "",
  };
  return coalesceValues(recorded, mapFrom(config), { helm });
}

function mapFrom(value: unknown): GoMap {
  const read = isJsonObject(value) ? fromJson(value) : undefined;
  return read instanceof Map ? read : new Map();
}
