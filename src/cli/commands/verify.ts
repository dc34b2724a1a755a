import { verifyFile } from "../../chart/provenance/verify-chart.ts";
import { keyringOf } from "../chart-source.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { flagReader } from "../read-flags.ts";
import { verificationText } from "./pull.ts";

/** `slipway verify FILE`. */
export async function verify({ positionals: [path = ""], flags, terminal }: Invocation): Promise<ExitCode> {
  const keyring = await keyringOf(flagReader(flags), terminal.env);
  terminal.out.write(verificationText(await verifyFile(path, keyring)));
  return 0;
}
