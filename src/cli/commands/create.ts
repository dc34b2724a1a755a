import { createChart } from "../../chart/starter.ts";
import type { ExitCode, Invocation } from "../command.ts";

/** `slipway create NAME`. */
export async function create({ positionals, terminal }: Invocation): Promise<ExitCode> {
  terminal.out.write(`Creating ${createChart(positionals[0] ?? "")}\n`);
  return 0;
}
