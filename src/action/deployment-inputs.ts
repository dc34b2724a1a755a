import { deploymentPayload } from "../values/workflow-context.ts";
import { type Input, inputTable, variableOf } from "./input-table.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Who the run is and what it may see is the workflow's to say, not that of whoever created the deployment. */
const closed = new Set([
  "kubeconfig",
  "context",
  "server",
  "token",
  "certificate-authority",
  "interpolate",
  "secrets",
  "vars",
  "inputs",
  "deployment-inputs",
]);

/** With `deployment-inputs: true`: the inputs that the workflow leaves at their defaults, from the event's payload. */
export function withDeploymentInputs(env: Env): Env {
  if (env[variableOf("deployment-inputs")]?.trim().toLowerCase() !== "true") return env;
  const payload = deploymentPayload(env);
  const filled: Record<string, string | undefined> = { ...env };
  for (const [name, input] of Object.entries<Input>(inputTable)) {
    const variable = variableOf(name);
    const isGiven = (env[variable] ?? "").trim() !== "" && env[variable]?.trim() !== input.default;
    if (closed.has(name) || isGiven || !Object.hasOwn(payload, name)) continue;
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
