import type { Resources } from "./api/resources.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Store } from "./store/store.ts";

/** What every part of the sandbox works on. */
export type Cluster = {
  store: Store;
  resources: Resources;
  scheduler: Scheduler;
  /** Now, as the API writes times. */
  timestamp(): string;
  addresses: Addresses;
};

/** Hands out addresses and ports, each once. */
export type Addresses = { podIp(): string; clusterIp(): string; nodePort(): number; ingressIp(): string };

export function createAddresses(): Addresses {
  const next = { pod: 1, cluster: 1, port: 30_000, ingress: 0 };
  const split = (count: number) => `${Math.floor(count / 250) % 250}.${(count % 250) + 1}`;
  return {
    podIp: () => `10.244.${split(next.pod++)}`,
    clusterIp: () => `10.96.${split(next.cluster++)}`,
    nodePort: () => {
      next.port = next.port >= 32_767 ? 30_000 : next.port + 1;
      return next.port;
    },
    ingressIp: () => `203.0.113.${(next.ingress++ % 250) + 1}`,
  };
}
