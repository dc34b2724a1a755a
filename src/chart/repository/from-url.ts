import { createFetcher } from "../remote/fetcher.ts";
import { fileNameOf, type RemoteChart, type Surroundings } from "../surroundings.ts";
import { downloadChart, downloadFile } from "./download-chart.ts";
import { fetchIndex, lastIndex, type Repository } from "./fetch-index.ts";
import { type FoundChart, findChart } from "./find-chart.ts";
import { keptChart } from "./kept-chart.ts";

type Wanted = { name: string; version: string };

/** A chart of a repository that is named by its address. */
export async function fromUrl(repository: Repository, wanted: Wanted, around: Surroundings): Promise<RemoteChart> {
  const { cache, network } = around;
  const place = { repository: repository.url, ...wanted };
  const kept = keptChart(lastIndex(repository, cache), place, cache);
  const found = kept ?? findChart(await fetchIndex({ repository, cache, network }), place);
  return await fetchFound(found, repository, around);
}

/** The archive that an index led to. */
export async function fetchFound(
  found: FoundChart,
  repository: Repository,
  { cache, network }: Surroundings,
): Promise<RemoteChart> {
  const fetcher = createFetcher(repository.access, network);
  const bytes = await downloadChart(found, repository, { cache, fetcher });
  const [url] = found.urls;
  return {
    kind: "remote",
    bytes,
    fileName: url === undefined ? `${found.name}-${found.version}.tgz` : fileNameOf(url),
    origin: `${found.name}-${found.version}.tgz`,
    async provenance() {
      if (url === undefined) return undefined;
      const place = new URL(url);
      place.pathname += ".prov";
      return await downloadFile(place, repository, { fetcher, what: `the provenance file of chart "${found.name}"` });
    },
  };
}
