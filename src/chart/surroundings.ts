import { basename } from "node:path";
import type { ChartSource, SourceContext } from "./chart-source.ts";
import { type ContentCache, contentCache } from "./content-cache.ts";
import { type ChartHome, chartHome } from "./home.ts";
import type { Network } from "./remote/fetcher.ts";

/** A chart that lies on this machine, or one that was fetched. */
export type LocatedChart = { kind: "local"; path: string } | RemoteChart;

export type RemoteChart = {
  kind: "remote";
  bytes: Buffer;
  /** What the file is called where it is kept: `NAME-VERSION.tgz`. */
  fileName: string;
  /** For messages. */
  origin: string;
  provenance(): Promise<Buffer | undefined>;
  /** Of charts in registries. */
  oci?: { reference: string; digest: string };
};

/** What fetching works with, from the environment. */
export type Surroundings = { home: ChartHome; cache: ContentCache; network: Network; warn: (message: string) => void };

export function surroundings(source: Pick<ChartSource, "env" | "signal">, context: SourceContext): Surroundings {
  const { env } = source;
  const home = chartHome(env);
  const { signal = source.signal, clock, warn = () => {} } = context;
  const network = { env, ...(signal && { signal }), ...(clock && { clock }) };
  return { home, cache: contentCache(home.chartCache), network, warn };
}

/** The name of the file that an address leads to. */
export function fileNameOf(url: URL): string {
  const name = basename(decodeURIComponent(url.pathname)).replaceAll("\\", "_");
  return name === "" || name === "." || name === ".." ? "chart.tgz" : name;
}
