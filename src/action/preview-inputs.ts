import type { SlipwayError } from "../base/error.ts";
import type { CarryOutOptions, DeployOptions } from "../deploy/options.ts";
import { parseSecretNames } from "../deploy/preview/copy-secrets.ts";
import { parseLabels, parseLimits } from "../deploy/preview/limits.ts";
import type { UpOptions } from "../deploy/preview/up.ts";
import type { CommonInputs, SharedInputs } from "./inputs.ts";
import { type InputValues, invalidInput } from "./read-inputs.ts";

/** What GitHub is told of a deploy; nothing where `name` is absent. */
export type EnvironmentInputs = { name: string | undefined; url: string | undefined; isTransient: boolean };

export type PreviewInputs = CommonInputs & {
  command: "preview";
  deploy: Omit<DeployOptions, "namespace">;
  preview: Pick<UpOptions, "limits" | "labels" | "secrets" | "ttlMs">;
  /** False where a pull request from a fork was given no secrets. */
  canConnect: boolean;
};

export type SweepInputs = SharedInputs & { command: "preview-sweep"; carryOut: CarryOutOptions };

export function environmentInputs(values: InputValues): EnvironmentInputs {
  return {
    name: values.environment,
    url: values["environment-url"],
    isTransient: values["transient-environment"],
  };
}

export function environmentProblems(values: InputValues): SlipwayError[] {
  const { command, "environment-url": url, "dry-run": dryRun } = values;
  const isAddress = url === undefined || (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol));
  const addressHint = "It has to be an address such as https://shop.example.com.";
  const dryHint = "A preview is brought up or taken down. To see what the chart would do, use command: plan.";
  return [
    ...(isAddress ? [] : [invalidInput("environment-url", url, addressHint)]),
    ...(command === "preview" && dryRun ? [invalidInput("dry-run", "true", dryHint)] : []),
  ];
}

/** Fails with INPUT_INVALID. */
export function previewInputs(values: InputValues): Pick<PreviewInputs, "preview" | "canConnect"> {
  const { ttl, quota, "allow-traffic-from": from, "copy-secrets": secrets, "namespace-labels": labels } = values;
  return {
    preview: {
      limits: parseLimits(quota, from),
      labels: parseLabels(labels),
      secrets: parseSecretNames(secrets),
      ...(ttl !== undefined && { ttlMs: ttl }),
    },
    canConnect: [values.kubeconfig, values.token, values.audience].some((given) => given !== undefined),
  };
}
