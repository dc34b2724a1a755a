import { deploymentPayload } from "../values/workflow-context.ts";
import { chartSecrets } from "./chart-input.ts";
import { type Input, inputTable, variableOf } from "./input-table.ts";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * What a deployment may say. Who the run is, which files it reads and what it may see stay the workflow's to say, not that
 * of whoever created the deployment.
 */
const open = new Set([
  "release",
  "chart",
  "chart-version",
  "namespace",
  "values",
  "set",
  "set-string",
  "description",
  "timeout",
  "on-failure",
  "dry-run",
]);

/** With `deployment-inputs: true`: the inputs that the workflow leaves at their defaults, from the event's payload. */
export function withDeploymentInputs(env: Env): Env {
  if (env[variableOf("deployment-inputs")]?.trim().toLowerCase() !== "true") return env;
  const payload = deploymentPayload(env);
  const hasSecret = chartSecrets.some((name) => (env[variableOf(name)] ?? "") !== "");
  const filled: Record<string, string | undefined> = { ...env };
  for (const [name, input] of Object.entries<Input>(inputTable)) {
    const variable = variableOf(name);
    const isGiven = (env[variable] ?? "").trim() !== "" && env[variable]?.trim() !== input.default;
    // What proves who asks must not go to a place that somebody else names.
    const isSafe = open.has(name) && !(name === "chart" && hasSecret);
    if (!isSafe || isGiven || !Object.hasOwn(payload, name)) continue;
    const text = textOf(payload[name]);
    if (text !== undefined) filled[variable] = text;
  }
  return filled;
}

function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value))
    return value.map((item) => (typeof item === "object" ? JSON.stringify(item) : String(item))).join("\n");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
