import { existsSync, readFileSync } from "node:fs";
import { basename, isAbsolute, join, resolve } from "node:path";
import { SlipwayError } from "../../base/error.ts";
import { locateChart } from "../../chart/locate-chart.ts";
import type { Verification } from "../../chart/provenance/verify-chart.ts";
import type { RemoteChart } from "../../chart/surroundings.ts";
import { writeFileWhole } from "../../chart/write-file.ts";
import { oneLine } from "../../report/plain-text.ts";
import { chartSource } from "../chart-source.ts";
import type { ExitCode, Invocation, Terminal } from "../command.ts";
import { type FlagReader, flagReader } from "../read-flags.ts";

/** `slipway pull CHART...`. */
export async function pull({ positionals, flags, terminal }: Invocation): Promise<ExitCode> {
  const read = flagReader(flags);
  for (const reference of positionals) {
    const source = await chartSource(reference, read, terminal);
    const located = await locateChart(source);
    const chart = located.kind === "remote" ? located : localArchive(located.path);
    const provenance = await provenanceOf(chart, read);
    if (source.verify !== undefined) {
      const { verifyBytes } = await import("../../chart/provenance/verify-chart.ts");
      const against = { fileName: chart.fileName, keyring: source.verify.keyring };
      terminal.out.write(verificationText(await verifyBytes(chart.bytes, provenance, against)));
    }
    if (chart.oci !== undefined) {
      terminal.out.write(`Pulled: ${oneLine(chart.oci.reference, 500)}\nDigest: ${chart.oci.digest}\n`);
    }
    await save(chart, provenance, read, terminal);
  }
  return 0;
}

export function verificationText({ signers, fingerprint, digest }: Verification): string {
  const lines = signers.map((signer) => `Signed by: ${oneLine(signer, 300)}\n`);
  return `${lines.join("")}Using Key With Fingerprint: ${fingerprint}\nChart Hash Verified: ${digest}\n`;
}

async function provenanceOf(chart: RemoteChart, read: FlagReader): Promise<Buffer | undefined> {
  if (!read.boolean("prov") && !read.boolean("verify")) return undefined;
  const provenance = await chart.provenance();
  if (provenance !== undefined) return provenance;
  throw new SlipwayError("CHART_NOT_FOUND", `${chart.origin} has no provenance file`);
}

async function save(chart: RemoteChart, provenance: Buffer | undefined, read: FlagReader, terminal: Terminal) {
  const folder = resolve(read.string("destination") ?? ".");
  if (read.boolean("untar")) {
    const { unpackChart } = await import("../../chart/unpack.ts");
    const into = read.string("untardir") ?? ".";
    const made = unpackChart(chart.bytes, chart.origin, isAbsolute(into) ? into : join(folder, into));
    terminal.err.write(`Unpacked to ${made}\n`);
    return;
  }
  const target = join(folder, chart.fileName);
  writeFileWhole(target, chart.bytes);
  if (provenance !== undefined) writeFileWhole(`${target}.prov`, provenance);
  terminal.err.write(`Saved to ${target}\n`);
}

function localArchive(path: string): RemoteChart {
  if (!path.endsWith(".tgz") || !existsSync(path)) {
    throw new SlipwayError("INPUT_INVALID", `"${path}" lies here already`, {
      hint: "Only charts elsewhere are pulled.",
    });
  }
  return {
    kind: "remote",
    bytes: readFileSync(path),
    fileName: basename(path),
    origin: path,
    provenance: async () => (existsSync(`${path}.prov`) ? readFileSync(`${path}.prov`) : undefined),
  };
}
