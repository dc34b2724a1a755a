import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../base/sha256.ts";
import { contentCache } from "../chart/content-cache.ts";
import { chartHome } from "../chart/home.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Where the chart comes from, as far as a cache has to tell charts apart. */
export type CachedChart = { reference: string; version?: string; repository?: string };

export type ChartCacheOptions = { chart: CachedChart; env: Env; tell: (line: string) => void };

/** Keeps what was fetched since for the next run. */
export type SaveCharts = () => Promise<void>;

// Whatever the service does, a deploy does not wait for it longer than this.
const restoreWithinMs = 15_000;
const saveWithinMs = 30_000;
const mostBytes = 64 * 1024 * 1024;

/**
 * Brings what an earlier run fetched of this chart from the cache of GitHub Actions, where there is one and the machine
 * has nothing of its own. Only what is named by its own digest is taken: a repository or a registry is asked all the same
 * which digests a version has, so that nobody who may write to the cache can put another chart there. Never fails.
 */
export async function restoreCharts(options: ChartCacheOptions): Promise<SaveCharts | undefined> {
  const { env } = options;
  const folder = chartHome(env).chartCache;
  if (!isElsewhere(options.chart) || !hasService(env) || digestsIn(folder).length > 0) return undefined;
  const staging = join(env["RUNNER_TEMP"] || tmpdir(), "slipway-charts");
  const prefix = keyPrefix(options.chart);
  const matched = await atMost(options, "restored", restoreWithinMs, async () => {
    const { restoreCache } = await import("@actions/cache");
    empty(staging);
    const key = await restoreCache([staging], prefix, [prefix]);
    if (key !== undefined) takeOver(staging, folder);
    return key;
  });
  return async () => {
    const digests = chartsIn(folder);
    const key = `${prefix}${sha256(Buffer.from(digests.join(" "))).slice(0, 16)}`;
    if (digests.length === 0 || key === matched) return;
    await atMost(options, "kept", saveWithinMs, async () => {
      if (!stage(folder, digests, staging)) return;
      const { saveCache } = await import("@actions/cache");
      await saveCache([staging], key);
    });
  };
}

function isElsewhere({ reference, repository }: CachedChart): boolean {
  return repository !== undefined || !existsSync(reference);
}

function hasService(env: Env): boolean {
  return Boolean(env["ACTIONS_RUNTIME_TOKEN"] && (env["ACTIONS_RESULTS_URL"] || env["ACTIONS_CACHE_URL"]));
}

function keyPrefix({ reference, version = "", repository = "" }: CachedChart): string {
  return `slipway-charts-${sha256(Buffer.from(JSON.stringify([reference, version, repository]))).slice(0, 24)}-`;
}

const isDigest = /^[0-9a-f]{64}$/;

function digestsIn(folder: string): string[] {
  return namesIn(join(folder, "sha256"))
    .filter((name) => isDigest.test(name))
    .sort();
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Without indexes of repositories: they are large, and another each time. */
function chartsIn(folder: string): string[] {
  const indexes = new Set(
    namesIn(join(folder, "index")).map((name) => readFileSync(join(folder, "index", name), "utf8")),
  );
  return digestsIn(folder).filter((digest) => !indexes.has(digest));
}

function empty(staging: string): void {
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
}

function takeOver(staging: string, folder: string): void {
  const cache = contentCache(folder);
  for (const name of namesIn(staging).filter((one) => isDigest.test(one))) {
    const path = join(staging, name);
    if (!statSync(path).isFile() || statSync(path).size > mostBytes) continue;
    const bytes = readFileSync(path);
    if (sha256(bytes) === name) cache.put(bytes);
  }
}

function stage(folder: string, digests: readonly string[], staging: string): boolean {
  const files = digests.map((digest) => [digest, readFileSync(join(folder, "sha256", digest))] as const);
  if (files.reduce((sum, [, bytes]) => sum + bytes.length, 0) > mostBytes) return false;
  empty(staging);
  for (const [digest, bytes] of files) writeFileSync(join(staging, digest), bytes);
  return true;
}

async function atMost<Result>(
  { tell }: ChartCacheOptions,
  what: string,
  ms: number,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work(), timeout]);
  } catch (error) {
    tell(`No charts were ${what}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
