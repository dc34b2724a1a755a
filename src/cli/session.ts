import { systemClock } from "../base/clock.ts";
import { SlipwayError } from "../base/error.ts";
import type { DeployEvent } from "../deploy/events.ts";
import type { Session } from "../deploy/options.ts";
import { connect } from "../kube/connect.ts";
import { isNamespaceName, namespaceNameHint } from "../kube/namespace-name.ts";
import type { KubeClient } from "../kube/types.ts";
import { driverFor } from "../release/driver.ts";
import type { ReleaseDriver } from "../release/types.ts";
import type { Invocation, Terminal } from "./command.ts";
import { tokenSource } from "./oidc-audience.ts";
import { type FlagReader, flagReader, optional } from "./read-flags.ts";

/** A cluster to work with, and what has to be let go of at the end. */
export type Cluster = { kube: KubeClient; namespace: string; close(): Promise<void> };

/** Connects as flags and environment say, or to a sandbox that lives as long as the command. */
export async function openCluster({ flags, terminal }: Invocation): Promise<Cluster> {
  const read = flagReader(flags);
  const sandbox = read.boolean("sandbox") ? await (await import("../sandbox/sandbox.ts")).startSandbox() : undefined;
  const kube = await connect(sandbox ? { kubeconfig: sandbox.kubeconfig } : await connectionOptions(read, terminal));
  const namespace = read.string("namespace") ?? terminal.env["HELM_NAMESPACE"] ?? kube.defaultNamespace;
  const close = async () => {
    kube.close();
    await sandbox?.close();
  };
  return { kube, namespace: checkNamespace(namespace), close };
}

async function connectionOptions(read: FlagReader, { env, keepSecret }: Terminal) {
  const groups = read.strings("kube-as-group");
  const token = read.string("kube-token") ?? env["SLIPWAY_KUBETOKEN"] ?? env["HELM_KUBETOKEN"];
  return {
    ...optional("kubeconfig", read.string("kubeconfig")),
    ...optional("context", read.string("kube-context") ?? env["HELM_KUBECONTEXT"]),
    ...optional("server", read.string("kube-apiserver") ?? env["HELM_KUBEAPISERVER"]),
    ...optional("token", token),
    ...optional("tokenSource", await tokenSource(read.string("oidc-audience"), token, { env, keepSecret })),
    ...optional("certificateAuthority", read.string("kube-ca-file") ?? env["HELM_KUBECAFILE"]),
    ...optional("tlsServerName", read.string("kube-tls-server-name")),
    ...optional("asUser", read.string("kube-as-user")),
    ...(groups.length > 0 ? { asGroups: [...groups] } : {}),
    ...(read.boolean("kube-insecure-skip-tls-verify") ? { insecureSkipTlsVerify: true } : {}),
  };
}

function checkNamespace(name: string): string {
  if (isNamespaceName(name)) return name;
  throw new SlipwayError("INPUT_INVALID", `"${name}" can't be the name of a namespace`, { hint: namespaceNameHint });
}

type SessionOptions = {
  cluster: Pick<Cluster, "kube" | "namespace">;
  terminal: Pick<Terminal, "env" | "signal">;
  emit: (event: DeployEvent) => void;
  namespace?: string;
};

export function openSession({ cluster, terminal, emit, namespace }: SessionOptions): Session {
  return {
    kube: cluster.kube,
    driver: openDriver({ cluster, terminal, emit }, namespace ?? cluster.namespace),
    clock: systemClock,
    signal: terminal.signal,
    emit,
    ...optional("run", runLink(terminal.env)),
  };
}

/** Where revisions are kept, as `HELM_DRIVER` says; without a namespace, to list those of all. */
export function openDriver(
  { cluster, terminal, emit }: Pick<SessionOptions, "terminal" | "emit"> & { cluster: Pick<Cluster, "kube"> },
  namespace: string | undefined,
): ReleaseDriver {
  const told = new Set<string>();
  const tell = (message: string) => {
    if (!told.has(message)) emit({ type: "warning", message });
    told.add(message);
  };
  return driverFor(cluster.kube, namespace, {
    kind: terminal.env["HELM_DRIVER"],
    onUnreadable: ({ name, namespace: own, error }) =>
      tell(`The record ${name} in ${own} is skipped, nobody can read it: ${error.message}`),
    onLeftOut: ({ name, revision }, what) =>
      tell(
        `Revision ${revision} of ${name} is too large for one record: of its chart, ${what.join(", ")} are not recorded`,
      ),
  });
}

/** The page of the GitHub Actions run that this is, if it is one. */
function runLink(env: Terminal["env"]): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  return server && repository && id ? `${server}/${repository}/actions/runs/${id}` : undefined;
}
