import { hasCode, SlipwayError } from "../base/error.ts";
import { shownUrl } from "../chart/remote/shown-url.ts";
import { updateIndex } from "../chart/repository/known-repositories.ts";
import { accessOf, type RepositoryEntry } from "../chart/repository/repositories-file.ts";
import { webUrl } from "../chart/repository/resolve-url.ts";
import { surroundings } from "../chart/surroundings.ts";
import type { Terminal } from "./command.ts";
import type { FlagReader } from "./read-flags.ts";

const defaultTimeoutMs = 2 * 60_000;

/** Fetches a known repository's index, tries and waits counted, within the time that `--timeout` gives. */
export async function updateInTime(
  entry: RepositoryEntry,
  read: FlagReader,
  { env, signal }: Pick<Terminal, "env" | "signal">,
): Promise<void> {
  const timeoutMs = read.number("timeout", defaultTimeoutMs);
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const { url } = entry;
  try {
    await updateIndex(entry, { url, access: accessOf(entry, {}) }, surroundings({ env, signal: limited }, {}));
  } catch (cause) {
    if (!hasCode(cause, "CANCELLED") || signal.aborted) throw cause;
    const message = `The index of ${shownUrl(webUrl(url))} did not come within ${timeoutMs / 1000} s`;
    throw new SlipwayError("CHART_UNREACHABLE", message, { hint: "Give it more time with --timeout.", cause });
  }
}
