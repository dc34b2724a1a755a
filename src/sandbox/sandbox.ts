import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { type Clock, systemClock } from "../base/clock.ts";
import { SlipwayError } from "../base/error.ts";
import type { KubeObject } from "../kube/types.ts";
import { createResources } from "./api/resources.ts";
import { type Cluster, createAddresses } from "./cluster.ts";
import { startControllers } from "./controllers/start.ts";
import { route } from "./http/router.ts";
import type { Rule } from "./http/rules.ts";
import { createApiServer, type Intercept } from "./http/server.ts";
import { createScheduler } from "./scheduler.ts";
import { seedCluster } from "./seed.ts";
import { createStore } from "./store/store.ts";

export type SandboxOptions = {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Only loopback addresses. */
  host?: string;
  /** Made at the start, in their order; a namespace that is missing is made for them. */
  seed?: KubeObject[];
  clock?: Clock;
  /** How many times faster than the clock everything in the cluster happens. */
  speed?: number;
  /** How long a pod takes to start. */
  podStartMs?: number;
  /** Before a Job replaces its first failed pod, which a real cluster does after 10 s; doubled for each further one. */
  jobBackoffMs?: number;
  /** What the user may not do. */
  deny?: Rule[];
  /** Answers in the API's stead, to see what clients make of it. */
  intercept?: Intercept;
  /** How many changes a watch can reach back; a test makes it small to meet 410. */
  logSize?: number;
};

export type Sandbox = {
  url: string;
  token: string;
  /** YAML, for whatever reads a kubeconfig. */
  kubeconfig: string;
  /** What was asked so far, oldest first, without the oldest where they are many. */
  requests: { method: string; path: string }[];
  close(): Promise<void>;
};

const keptRequests = 10_000;

/** Serves a Kubernetes API on loopback, in this process's memory, with controllers that roll workloads out. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const host = options.host ?? "127.0.0.1";
  if (!["127.0.0.1", "::1", "localhost"].includes(host)) {
    throw new SlipwayError("INPUT_INVALID", `Cannot serve a sandbox on "${host}"`, {
      hint: "Name a loopback address, as 127.0.0.1.",
    });
  }
  const cluster = createCluster(options);
  startControllers(cluster, { podStartMs: options.podStartMs ?? 150, jobBackoffMs: options.jobBackoffMs ?? 1000 });
  seedCluster(cluster, options.seed ?? []);
  const token = randomBytes(24).toString("hex");
  const requests: Sandbox["requests"] = [];
  const server = createApiServer({
    token,
    ...(options.intercept === undefined ? {} : { intercept: options.intercept }),
    onRequest(request) {
      requests.push(request);
      if (requests.length > keptRequests) requests.splice(0, keptRequests / 2);
    },
    answer: (request) => route({ cluster, deny: options.deny ?? [] }, request),
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      const where = `${host}:${options.port ?? 0}`;
      reject(new SlipwayError("INPUT_INVALID", `Cannot serve a sandbox on ${where}: ${cause.message}`, { cause }));
    });
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  return {
    url,
    token,
    kubeconfig: kubeconfigOf(url, token),
    requests,
    close() {
      cluster.scheduler.stop();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function createCluster(options: SandboxOptions): Cluster {
  const scheduler = createScheduler(options.clock ?? systemClock, options.speed ?? 1);
  return {
    store: createStore(options.logSize),
    resources: createResources(),
    scheduler,
    timestamp: () => new Date(scheduler.now()).toISOString().replace(/\.\d+/, ""),
    addresses: createAddresses(),
  };
}

// The token stands in the address too: helm and kubectl send credentials only over TLS.
function kubeconfigOf(url: string, token: string): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: sandbox
  cluster:
    server: ${url}/${token}
users:
- name: sandbox
  user:
    token: ${token}
contexts:
- name: sandbox
  context:
    cluster: sandbox
    user: sandbox
    namespace: default
current-context: sandbox
`;
}
