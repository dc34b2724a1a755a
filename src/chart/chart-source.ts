import type { Clock } from "../base/clock.ts";
import type { Env } from "./home.ts";
import type { Keyring } from "./provenance/keyring.ts";
import type { Access } from "./remote/access.ts";

/** Where a chart comes from, as the user says it. */
export type ChartSource = {
  /** A folder, a `.tgz`, `REPOSITORY/CHART`, `https://…`, `oci://…`, or with `repository` the name of a chart there. */
  reference: string;
  /** A version or a range; nothing is the newest. */
  version?: string;
  /** Pre-releases count, too, where no version is named. */
  devel?: boolean;
  /** The address of a repository that need not be known. */
  repository?: string;
  access?: Access;
  /** Fails unless the chart is signed by a key of the keyring. */
  verify?: { keyring: Keyring };
  /** Fails unless the chart in a registry is signed with this public key, in PEM, by cosign. */
  cosignKey?: string;
  /** Of a folder, fetches the dependencies that are missing. */
  updateDependencies?: boolean;
  env: Env;
  /** Aborts what is being fetched. */
  signal?: AbortSignal;
};

/** What getting a chart needs besides. */
export type SourceContext = { signal?: AbortSignal; clock?: Clock; warn?: (message: string) => void };

/** What the user wrote, for messages. */
export function referenceOf(source: string | ChartSource): string {
  return typeof source === "string" ? source : source.reference;
}
