import { statSync } from "node:fs";
import { isAbsolute } from "node:path";
import { SlipwayError } from "../base/error.ts";
import type { ChartSource, SourceContext } from "./chart-source.ts";
import type { Access } from "./remote/access.ts";
import { type LocatedChart, type RemoteChart, surroundings } from "./surroundings.ts";

/** Finds the chart in Helm's order: what lies here, an address, then a known repository. Fetches what lies elsewhere. */
export async function locateChart(source: ChartSource, context: SourceContext = {}): Promise<LocatedChart> {
  const located = await findChart(source, context);
  const isInRegistry = located.kind === "remote" && located.oci !== undefined;
  if (source.cosignKey === undefined || isInRegistry) return located;
  throw new SlipwayError("CHART_UNVERIFIED", `Cannot verify "${source.reference}": it is in no registry`, {
    hint: "cosign signs only what is in a registry. Name the chart as oci://…, or leave --cosign-key out.",
  });
}

async function findChart(source: ChartSource, context: SourceContext): Promise<LocatedChart> {
  const { repository, access = {} } = source;
  const reference = source.reference.trim();
  const version = wantedVersion(source);
  if (repository !== undefined)
    return await fromRepository({ repository, reference, version, access, source, context });
  if (reference.startsWith("oci://")) return await fromRegistry(reference, version, access, { source, context });
  if (statSync(reference, { throwIfNoEntry: false }) !== undefined) return { kind: "local", path: reference };
  if (isAbsolute(reference) || reference.startsWith(".")) throw notHere(reference);
  const known = await import("./repository/known-repositories.ts");
  if (/^https?:\/\//.test(reference)) {
    return await known.fromAddress(reference, access, surroundings(source, context));
  }
  if (!/^[^/\s]+\/[^\s]+$/.test(reference)) throw notHere(reference);
  return await known.fromKnown(reference, { version, access }, surroundings(source, context));
}

export function wantedVersion({ version, devel }: Pick<ChartSource, "version" | "devel">): string {
  const trimmed = version?.trim() ?? "";
  return trimmed === "" && devel === true ? ">0.0.0-0" : trimmed;
}

type InRepository = {
  repository: string;
  reference: string;
  version: string;
  access: Access;
  source: ChartSource;
  context: SourceContext;
};

async function fromRepository(wanted: InRepository): Promise<RemoteChart> {
  const { repository, reference, version, access, source, context } = wanted;
  if (repository.startsWith("oci://")) {
    const whole = `${repository.replace(/\/+$/, "")}/${reference}`;
    return await fromRegistry(whole, version, access, { source, context });
  }
  const { fromUrl } = await import("./repository/from-url.ts");
  return await fromUrl({ url: repository, access }, { name: reference, version }, surroundings(source, context));
}

type Whence = { source: ChartSource; context: SourceContext };

async function fromRegistry(
  text: string,
  version: string,
  access: Access,
  { source, context }: Whence,
): Promise<RemoteChart> {
  const [{ pullChart }, { formatReference, parseReference }] = await Promise.all([
    import("./registry/pull.ts"),
    import("./registry/reference.ts"),
  ]);
  const { home, cache, network } = surroundings(source, context);
  const pulled = await pullChart(parseReference(text), version, { access, home, cache, network });
  const { bytes, fileName, digest, provenance } = pulled;
  const reference = formatReference(pulled.reference);
  if (source.cosignKey !== undefined) {
    const { verifyCosign } = await import("./registry/cosign.ts");
    await verifyCosign(pulled, source.cosignKey, { access, home, cache, network });
  }
  return { kind: "remote", bytes, fileName, origin: `oci://${reference}`, provenance, oci: { reference, digest } };
}

function notHere(reference: string): SlipwayError {
  return new SlipwayError("CHART_NOT_FOUND", `There is no chart at "${reference}"`, {
    hint: "Name the chart's folder or its .tgz, relative to the working directory, or REPOSITORY/CHART, https://… or oci://….",
  });
}
