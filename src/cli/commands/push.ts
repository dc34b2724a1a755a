import { existsSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { SlipwayError } from "../../base/error.ts";
import { pushChart } from "../../chart/registry/push.ts";
import { isOci } from "../../chart/registry/reference.ts";
import { surroundings } from "../../chart/surroundings.ts";
import { accessOf } from "../chart-source.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { flagReader } from "../read-flags.ts";

/** `slipway push FILE oci://HOST/PATH`. */
export async function push({ positionals, flags, terminal }: Invocation): Promise<ExitCode> {
  const [path = "", remote = ""] = positionals;
  if (!isOci(remote)) {
    throw new SlipwayError("INPUT_INVALID", `"${remote}" is no registry`, { hint: "Write oci://HOST/PATH." });
  }
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new SlipwayError("CHART_NOT_FOUND", `There is no file "${path}"`, { where: path });
  if (stats.isDirectory()) {
    throw new SlipwayError("INPUT_INVALID", `"${path}" is a folder`, { hint: "Pack it first with slipway package." });
  }
  const provenance = existsSync(`${path}.prov`) ? { provenance: readFileSync(`${path}.prov`) } : {};
  const chart = { bytes: readFileSync(path), fileName: basename(path), created: stats.mtime, ...provenance };
  const { home, cache, network } = surroundings(terminal, {});
  const pushed = await pushChart(chart, remote, {
    access: accessOf(flagReader(flags), terminal.keepSecret),
    home,
    cache,
    network,
  });
  terminal.out.write(`Pushed: ${pushed.reference}\nDigest: ${pushed.digest}\n`);
  return 0;
}
