import { hostname } from "node:os";
import type { Clock } from "../base/clock.ts";
import { hasCode, SlipwayError } from "../base/error.ts";
import { numberAt, stringAt } from "../base/json-path.ts";
import type { KubeClient, KubeObject } from "../kube/types.ts";

/** Who deploys. `run` is a link to the run where there is one. */
export type Holder = { host: string; pid: number; run?: string };

export type Lock = {
  /** How the lock was come by, where it tells something: whose run it was taken over from. */
  takenOverFrom?: string;
  release(): Promise<void>;
};

type LockOptions = {
  kube: KubeClient;
  clock: Clock;
  signal: AbortSignal;
  namespace: string;
  name: string;
  holder?: Holder;
  /** Told once, when another run holds the lock and we look whether it still lives. */
  onWait?: (holder: string) => void;
};

const apiVersion = "coordination.k8s.io/v1";
/** A run that has not renewed its lease for this long is dead. */
const leaseSeconds = 15;
const renewMs = 5_000;

/**
 * Takes the lease beside a release's records, so that one run at a time changes it. A holder that goes on renewing is
 * left alone: RELEASE_LOCKED names it. One that was killed is recognised at once on the same host, elsewhere when its
 * lease has run out, which is waited for. Without permission for leases there is no lock but the pending record.
 */
export async function lockRelease(options: LockOptions): Promise<Lock> {
  const holder = describeHolder(options.holder ?? { host: hostname(), pid: process.pid });
  const first = await tryToTake(options, holder);
  if (first.taken) return first.lock;
  options.onWait?.(first.holder);
  const deadline = options.clock.now() + leaseSeconds * 1000 + 1000;
  for (;;) {
    const attempt = await tryToTake(options, holder);
    if (attempt.taken) return attempt.lock;
    if (attempt.renewTime !== first.renewTime || options.clock.now() > deadline)
      throw locked(options.name, attempt.holder);
    await options.clock.delay(1000, options.signal);
  }
}

export function describeHolder({ host, pid, run }: Holder): string {
  return `${host}/${pid}${run ? ` ${run}` : ""}`;
}

type Attempt = { taken: true; lock: Lock } | { taken: false; holder: string; renewTime: string };

async function tryToTake(options: LockOptions, holder: string): Promise<Attempt> {
  const { kube, clock, namespace, signal } = options;
  const name = leaseName(options.name);
  const now = clock.now();
  try {
    const live = await kube.get({ apiVersion, kind: "Lease", namespace, name }, { signal });
    if (live === undefined) {
      const lease = await kube.create(leaseOf(options, holder, now), { signal });
      return { taken: true, lock: keepLease(options, lease, holder) };
    }
    const other = stringAt(live, "spec", "holderIdentity") ?? "";
    const renewTime = stringAt(live, "spec", "renewTime") ?? "";
    const seconds = numberAt(live, "spec", "leaseDurationSeconds") ?? leaseSeconds;
    const isHeld = other !== "" && now < Date.parse(renewTime) + seconds * 1000 && !isDeadHere(other);
    if (isHeld) return { taken: false, holder: other, renewTime };
    const { resourceVersion } = live.metadata;
    const body = leaseOf(options, holder, now);
    const metadata = { ...body.metadata, ...(resourceVersion ? { resourceVersion } : {}) };
    const lease = await kube.replace({ ...body, metadata }, { signal });
    return { taken: true, lock: keepLease(options, lease, holder, other) };
  } catch (error) {
    // Two that start together: the one that lost looks again and finds the other's name.
    if (hasCode(error, "KUBE_CONFLICT")) return { taken: false, holder: "another run", renewTime: "" };
    if (hasCode(error, "KUBE_FORBIDDEN", "PLAN_UNKNOWN_KIND"))
      return { taken: true, lock: { release: async () => {} } };
    throw error;
  }
}

function leaseOf({ namespace, name }: LockOptions, holder: string, now: number): KubeObject {
  const time = new Date(now).toISOString().replace("Z", "000Z");
  return {
    apiVersion,
    kind: "Lease",
    metadata: { name: leaseName(name), namespace, labels: { "app.kubernetes.io/managed-by": "slipway" } },
    spec: { holderIdentity: holder, leaseDurationSeconds: leaseSeconds, acquireTime: time, renewTime: time },
  };
}

function leaseName(release: string): string {
  return `slipway-${release}`;
}

/** Renews until released. A renewal that fails is tried again at the next beat; three missed ones lose the lease. */
function keepLease(options: LockOptions, lease: KubeObject, holder: string, takenOverFrom?: string): Lock {
  const { kube, clock, namespace } = options;
  const ref = { apiVersion, kind: "Lease", namespace, name: lease.metadata.name };
  const renew = () => {
    const renewTime = new Date(clock.now()).toISOString().replace("Z", "000Z");
    kube.patch(ref, "merge", { spec: { holderIdentity: holder, renewTime } }).catch(() => {});
  };
  const timer = setInterval(renew, renewMs);
  timer.unref();
  const { uid } = lease.metadata;
  return {
    ...(takenOverFrom ? { takenOverFrom } : {}),
    async release() {
      clearInterval(timer);
      // The work is done: a lease that can't be removed runs out by itself.
      await kube.delete(ref, uid ? { uid } : {}).catch(() => false);
    },
  };
}

/** On this very host, a pid that is gone tells that the run was killed. */
function isDeadHere(holder: string): boolean {
  const [, host, pid] = /^([^/]+)\/(\d+)(?: |$)/.exec(holder) ?? [];
  if (host !== hostname() || pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

function locked(release: string, holder: string): SlipwayError {
  return new SlipwayError("RELEASE_LOCKED", `Release ${release} is being deployed by ${holder}`, {
    hint: "Wait for that run to end, then deploy again.",
  });
}
