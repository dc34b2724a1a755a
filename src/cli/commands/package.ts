import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { SlipwayError } from "../../base/error.ts";
import { checkDependencies } from "../../chart/check-chart.ts";
import { isVersion } from "../../chart/is-compatible.ts";
import { loadChart } from "../../chart/load-chart.ts";
import { type PackedChart, packageChart, sourceDate } from "../../chart/package/package-chart.ts";
import type { Chart } from "../../chart/types.ts";
import { writeFileWhole } from "../../chart/write-file.ts";
import { accessOf, keyringOf } from "../chart-source.ts";
import type { ExitCode, Invocation, Terminal } from "../command.ts";
import { type FlagReader, flagReader } from "../read-flags.ts";

/** `slipway package CHART...`. */
export async function packageCharts({ positionals, flags, terminal }: Invocation): Promise<ExitCode> {
  const read = flagReader(flags);
  const sign = await signerOf(read, terminal.env);
  for (const path of positionals) {
    if (read.boolean("dependency-update")) await updateFirst(path, read, terminal);
    const chart = withVersions(await loadChart(path), read);
    checkDependencies(chart);
    const packed = packageChart(chart, sourceDate(terminal.env));
    const target = join(resolve(read.string("destination") ?? "."), packed.fileName);
    const provenance = await sign?.(chart, packed);
    writeFileWhole(target, packed.bytes);
    if (provenance !== undefined) writeFileWhole(`${target}.prov`, provenance);
    terminal.out.write(`Successfully packaged chart and saved it to: ${target}\n`);
  }
  return 0;
}

async function updateFirst(path: string, read: FlagReader, { env, signal, keepSecret }: Terminal): Promise<void> {
  const { updateDependencies } = await import("../../chart/dependency/update.ts");
  await updateDependencies(path, { source: { env, signal, access: accessOf(read, keepSecret) } });
}

function withVersions(chart: Chart, read: FlagReader): Chart {
  const version = read.string("version") ?? chart.metadata.version;
  const appVersion = read.string("app-version") ?? chart.metadata.appVersion;
  if (!isVersion(version)) throw new SlipwayError("INPUT_INVALID", `--version can't be "${version}"`);
  const metadata = { ...chart.metadata, version, ...(appVersion !== undefined && { appVersion }) };
  return { ...chart, metadata };
}

type Sign = (chart: Chart, packed: PackedChart) => Promise<string>;

async function signerOf(read: FlagReader, env: Terminal["env"]): Promise<Sign | undefined> {
  if (!read.boolean("sign")) return undefined;
  const name = read.string("key");
  if (!name) throw new SlipwayError("INPUT_INVALID", "--sign needs --key", { hint: "Name the signer's key." });
  const keyring = await keyringOf(read, env);
  const file = read.string("passphrase-file");
  const passphrase = file === undefined ? undefined : readFirstLine(file);
  const { signChart } = await import("../../chart/provenance/sign-chart.ts");
  return ({ metadata }, packed) => signChart(packed, metadata, { name, keyring, passphrase });
}

function readFirstLine(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8").split(/\r?\n/)[0] ?? "";
  } catch (cause) {
    throw new SlipwayError("INPUT_INVALID", `Cannot read the passphrase from "${file}"`, { where: file, cause });
  }
}
