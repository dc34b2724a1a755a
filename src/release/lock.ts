import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import type { Clock } from "../base/clock.ts";
import { hasCode, SlipwayError } from "../base/error.ts";
import { numberAt, stringAt } from "../base/json-path.ts";
import type { KubeClient, KubeObject } from "../kube/types.ts";

/** Who deploys. `machine` tells where the pid means this process; `run` is a link to the run where there is one. */
export type Holder = { host: string; pid: number; machine?: string; run?: string };

/** A run that ended without letting its lock go, and when it held it, in milliseconds since 1970. */
export type DeadRun = { holder: string; from: number; until: number };

export type Lock = {
  takenOverFrom?: DeadRun;
  /** Aborts, with RELEASE_LOCKED, when another run has taken the lock over: from then on nothing may be changed. */
  lost: AbortSignal;
  /** The work is done. */
  release(): Promise<void>;
  /** The work stands unfinished: the lease stays, run out, and tells the next run whose it was. */
  abandon(): Promise<void>;
};

type LockOptions = {
  kube: KubeClient;
  clock: Clock;
  signal: AbortSignal;
  namespace: string;
  name: string;
  holder?: Holder;
  /** How long to wait for a run that lives; 0 where absent. */
  waitMs?: number;
  /** Takes the lock from a run that lives, too; that one then changes nothing more. */
  force?: boolean;
  /** Told when another run holds the lock: first to look whether it lives, then, where it does, to wait for it. */
  onWait?: (holder: string, doing: "looking" | "waiting") => void;
};

/** Who holds a release's lock. */
export type Held = {
  holder: string;
  /** RFC 3339. */
  since: string;
  renewed: string;
};

const apiVersion = "coordination.k8s.io/v1";
/** A run that has not renewed its lease for this long is dead. */
const leaseSeconds = 15;
const renewMs = 5_000;
const silenceMs = leaseSeconds * 1000 + 1000;
/** The shortest time there is tells that the holder ended. */
const abandonedSeconds = 1;
/** Each that fails has seen another take the lease, and let it go. */
const maxLooks = 10;
/** How far the clocks of two machines may be apart: only a lease that is past by more tells of a dead run by its time. */
const skewMs = 60_000;

/**
 * Takes the lease beside a release's records, so that one run at a time changes it. A holder that goes on renewing is
 * left alone: RELEASE_LOCKED names it. One that was killed is recognised at once on the same host, elsewhere when its
 * lease was seen not to be renewed for its whole time, or is long past. Without permission for leases there is no lock
 * but the pending record.
 */
export async function lockRelease(options: LockOptions): Promise<Lock> {
  const holder = describeHolder(options.holder ?? thisProcess());
  const { clock, signal, onWait, waitMs = 0 } = options;
  const made = await tryToMake(options, holder);
  if (made) return made;
  let seen = await look(options, holder);
  if (seen.taken) return seen.lock;
  onWait?.(shown(seen.holder), "looking");
  const until = clock.now() + waitMs;
  let silentAt = clock.now() + silenceMs;
  let isTold = false;
  for (;;) {
    const isSilent = clock.now() > silentAt;
    const attempt = await look(options, holder, isSilent ? seen.renewTime : undefined);
    if (attempt.taken) return attempt.lock;
    if (isSilent || attempt.renewTime !== seen.renewTime) {
      if (clock.now() >= until) throw locked(options.name, attempt);
      if (!isTold) onWait?.(shown(attempt.holder), "waiting");
      isTold = true;
      seen = attempt;
      silentAt = clock.now() + silenceMs;
    }
    await clock.delay(1000, signal);
  }
}

/** Who holds the lock, alive or dead; `undefined` where nobody does. */
export async function readLock(
  { kube, signal }: Pick<LockOptions, "kube" | "signal">,
  { namespace, name }: { namespace: string; name: string },
): Promise<Held | undefined> {
  const live = await kube.get({ apiVersion, kind: "Lease", namespace, name: leaseName(name) }, { signal });
  const holder = stringAt(live, "spec", "holderIdentity");
  if (!holder) return undefined;
  const renewed = stringAt(live, "spec", "renewTime") ?? "";
  return { holder: shown(holder), since: stringAt(live, "spec", "acquireTime") ?? renewed, renewed };
}

/** This process, as a holder. */
export function thisProcess(run?: string): Holder {
  const machine = machineMark();
  return { host: hostname(), pid: process.pid, ...(machine ? { machine } : {}), ...(run ? { run } : {}) };
}

export function describeHolder({ host, pid, machine, run }: Holder): string {
  return `${host}/${pid}${machine ? `@${machine}` : ""}${run ? ` ${run}` : ""}`;
}

/** Equal where two processes see the same pids: one boot of one machine, one pid namespace. Absent where that can't be told. */
function machineMark(): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8");
    const namespace = readlinkSync("/proc/self/ns/pid");
    return createHash("sha256").update(boot).update(namespace).digest("hex").slice(0, 12);
  } catch {
    return undefined;
  }
}

type Attempt = { taken: true; lock: Lock } | { taken: false; holder: string; since?: string; renewTime: string };

/** The lock where nobody holds it, as a rule; `undefined` where it takes a look to tell. */
async function tryToMake(options: LockOptions, holder: string): Promise<Lock | undefined> {
  const { kube, clock, signal } = options;
  try {
    return keepLease(options, await kube.create(leaseOf(options, holder, clock.now()), { signal }), holder);
  } catch (error) {
    if (hasCode(error, "KUBE_CONFLICT", "KUBE_FORBIDDEN", "PLAN_UNKNOWN_KIND")) return undefined;
    throw error;
  }
}

/** Of two that start together, the one that lost looks again and finds the other's name. */
async function look(options: LockOptions, holder: string, silentSince?: string): Promise<Attempt> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryToTake(options, holder, silentSince);
    } catch (error) {
      if (!hasCode(error, "KUBE_CONFLICT")) throw error;
      if (attempt === maxLooks) return { taken: false, holder: "another run", renewTime: "" };
    }
  }
}

/** Fails with KUBE_CONFLICT where another is quicker. `silentSince`: who last renewed then is dead, whatever the clocks say. */
async function tryToTake(options: LockOptions, holder: string, silentSince?: string): Promise<Attempt> {
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
    const isFresh = renewTime !== silentSince && now < Date.parse(renewTime) + lifeMsOf(live);
    const since = stringAt(live, "spec", "acquireTime");
    if (other !== "" && isFresh && !isDeadHere(other) && !options.force)
      return { taken: false, holder: other, renewTime, ...(since ? { since } : {}) };
    const { resourceVersion } = live.metadata;
    const body = leaseOf(options, holder, now, since);
    const metadata = { ...body.metadata, ...(resourceVersion ? { resourceVersion } : {}) };
    const lease = await kube.replace({ ...body, metadata }, { signal });
    return { taken: true, lock: keepLease(options, lease, holder, deadRunOf(live)) };
  } catch (error) {
    if (hasCode(error, "KUBE_FORBIDDEN", "PLAN_UNKNOWN_KIND")) return { taken: true, lock: noLock };
    throw error;
  }
}

function lifeMsOf(lease: KubeObject): number {
  const seconds = numberAt(lease, "spec", "leaseDurationSeconds") ?? leaseSeconds;
  return seconds === abandonedSeconds ? 0 : seconds * 1000 + skewMs;
}

/** What the lease's last holder left; nothing where it let go. */
function deadRunOf(lease: KubeObject): DeadRun | undefined {
  const holder = stringAt(lease, "spec", "holderIdentity");
  if (!holder) return undefined;
  const from = Date.parse(stringAt(lease, "spec", "acquireTime") ?? "");
  const renewed = Date.parse(stringAt(lease, "spec", "renewTime") ?? "");
  return { holder: shown(holder), from, until: renewed + renewMs + 1000 };
}

// Taken over, a lease keeps its first time: what its first holder left may still have to be settled.
function leaseOf({ namespace, name }: LockOptions, holder: string, now: number, since?: string): KubeObject {
  const time = microTime(now);
  return {
    apiVersion,
    kind: "Lease",
    metadata: { name: leaseName(name), namespace, labels: { "app.kubernetes.io/managed-by": "slipway" } },
    spec: { holderIdentity: holder, leaseDurationSeconds: leaseSeconds, acquireTime: since ?? time, renewTime: time },
  };
}

function leaseName(release: string): string {
  return `slipway-${release}`;
}

const noLock: Lock = { lost: new AbortController().signal, release: async () => {}, abandon: async () => {} };

/** Renews until let go. A renewal that fails is tried again at the next beat; one that another run's lease refuses ends it. */
function keepLease(options: LockOptions, lease: KubeObject, holder: string, takenOverFrom?: DeadRun): Lock {
  const { kube, clock, namespace, name } = options;
  const ref = { apiVersion, kind: "Lease", namespace, name: lease.metadata.name };
  const lost = new AbortController();
  let { resourceVersion } = lease.metadata;
  const patch = async (spec: Record<string, unknown>) => {
    const metadata = resourceVersion ? { resourceVersion } : {};
    const renewed = await kube.patch(ref, "merge", { metadata, spec });
    resourceVersion = renewed.metadata.resourceVersion;
  };
  const giveBack = () => {
    const { uid } = lease.metadata;
    return kube.delete(ref, { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) });
  };
  const renew = () => patch({ renewTime: microTime(clock.now()) }).catch(lookWhose);
  // A renewal whose answer was lost has changed the lease as well: the holder tells.
  const lookWhose = async (error: unknown) => {
    if (!hasCode(error, "KUBE_CONFLICT", "KUBE_NOT_FOUND")) return;
    const live = await kube.get(ref).catch(() => lease);
    const other = stringAt(live, "spec", "holderIdentity") ?? "nobody";
    if (other === holder) resourceVersion = live?.metadata.resourceVersion;
    else lost.abort(takenOver(name, other));
  };
  const timer = setInterval(renew, renewMs);
  timer.unref();
  return {
    ...(takenOverFrom ? { takenOverFrom } : {}),
    lost: lost.signal,
    async release() {
      clearInterval(timer);
      if (lost.signal.aborted) return;
      // The work is done: a lease that can't be removed runs out by itself, and another run's is not ours to remove.
      try {
        await giveBack();
      } catch (error) {
        await lookWhose(error);
        if (hasCode(error, "KUBE_CONFLICT") && !lost.signal.aborted) await giveBack().catch(() => false);
      }
    },
    async abandon() {
      clearInterval(timer);
      if (!lost.signal.aborted) await patch({ leaseDurationSeconds: abandonedSeconds }).catch(() => {});
    },
  };
}

/** As Kubernetes writes a MicroTime. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}

/** Where the holder sees the pids that we see, one that is gone tells that the run was killed. */
function isDeadHere(holder: string): boolean {
  const [, pid, machine] = /^[^/]+\/(\d+)@([0-9a-f]+)(?: |$)/.exec(holder) ?? [];
  if (pid === undefined || machine !== machineMark()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

function takenOver(release: string, holder: string): SlipwayError {
  return new SlipwayError(
    "RELEASE_LOCKED",
    `Release ${release} was taken over by ${shown(holder)} while this run did not answer`,
    {
      hint: "That run goes on from what this one left. Look at how it ends.",
    },
  );
}

function locked(release: string, { holder, since }: { holder: string; since?: string }): SlipwayError {
  const time = since ? ` since ${since.replace(/\.\d+Z$/, "Z")}` : "";
  return new SlipwayError("RELEASE_LOCKED", `Release ${release} is being deployed by ${shown(holder)}${time}`, {
    hint: "Wait for that run to end, or let this one wait with --wait-for-lock.",
  });
}

/** A holder for people: without the machine's mark. */
export function shown(holder: string): string {
  return holder.replace(/@[0-9a-f]+/, "");
}
