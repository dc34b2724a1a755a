/** A flag that Helm has and Slipway has not. `command` is Slipway's; without one, it is a flag of every command. */
export type LeftOutFlag = { command?: string; names: readonly string[]; why: string };

const klog =
  "add-dir-header alsologtostderr legacy-stderr-threshold-behavior log-backtrace-at log-dir log-file log-file-max-size logtostderr one-output skip-headers skip-log-headers stderrthreshold v vmodule";

/** All of them, and why. A test holds the commands and docs/helm-differences.md to this list and to the real Helm's flags. */
export const leftOutFlags: readonly LeftOutFlag[] = [
  {
    names: ["burst-limit", "qps"],
    why: "requests go over one connection, and the API server's own fairness bounds them",
  },
  {
    names: ["content-cache"],
    why: "charts are kept below $XDG_CACHE_HOME/slipway/charts, by their digests",
  },
  {
    names: klog.split(" "),
    why: "these are hidden flags for the log of a library that Slipway does not use; --debug prints stack traces",
  },
  {
    command: "deploy",
    names: ["recreate-pods"],
    why: "Helm 4 has dropped it; change an annotation of the pods, and they are rolled out anew",
  },
  {
    command: "create",
    names: ["starter", "chart-api-version"],
    why: "it writes one kind of chart, of API version v2; copy your starter's folder instead",
  },
];

export function leftOutFlag(command: string, name: string): LeftOutFlag | undefined {
  return leftOutFlags.find((flag) => (flag.command ?? command) === command && flag.names.includes(name));
}
