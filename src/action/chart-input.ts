import type { DeployOptions } from "../deploy/options.ts";
import type { InputValues } from "./read-inputs.ts";

type ChartSource = Exclude<DeployOptions["chart"], string>;

/** What the inputs say of where the chart comes from. The password is kept secret from here on. */
export function chartInput(
  values: InputValues,
  env: ChartSource["env"],
  keepSecret: (secret: string) => void,
): ChartSource {
  const { chart = "", "chart-version": version, "chart-repository": repository } = values;
  const { "chart-username": username, "chart-password": password } = values;
  if (password !== undefined) keepSecret(password);
  return {
    reference: chart,
    env,
    access: { ...(username !== undefined && { username }), ...(password !== undefined && { password }) },
    ...(version !== undefined && { version }),
    ...(repository !== undefined && { repository }),
  };
}
