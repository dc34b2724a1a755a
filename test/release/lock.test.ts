import { hostname } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Clock } from "../../src/base/clock.ts";
import { connect } from "../../src/kube/connect.ts";
import type { KubeClient } from "../../src/kube/types.ts";
import { lockRelease, readLock } from "../../src/release/lock.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { fakeClock } from "../base/fake-clock.ts";

let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let kube: KubeClient;
beforeAll(async () => {
  sandbox = await startSandbox();
  kube = await connect({ kubeconfig: sandbox.kubeconfig });
});
afterAll(async () => {
  kube.close();
  await sandbox.close();
});

const now = Date.parse("2026-01-01T12:00:00Z");
const textOf = (ms: number) => new Date(ms).toISOString().replace("Z", "000Z");

/** A lease of a run on another machine, last renewed then by that machine's clock. */
async function heldLease(name: string, renewedMs: number): Promise<{ renew(ms: number): Promise<unknown> }> {
  const apiVersion = "coordination.k8s.io/v1";
  const ref = { apiVersion, kind: "Lease", namespace: "default", name: `slipway-${name}` };
  const renewTime = textOf(renewedMs);
  const spec = {
    holderIdentity: "elsewhere/7@0123456789ab",
    leaseDurationSeconds: 15,
    acquireTime: renewTime,
    renewTime,
  };
  await kube.create({ apiVersion, kind: "Lease", metadata: { name: ref.name, namespace: "default" }, spec });
  return { renew: (ms) => kube.patch(ref, "merge", { spec: { renewTime: textOf(ms) } }) };
}

const renew = (name: string, ms: number) =>
  kube.patch(
    { apiVersion: "coordination.k8s.io/v1", kind: "Lease", namespace: "default", name: `slipway-${name}` },
    "merge",
    { spec: { renewTime: textOf(ms) } },
  );

const take = (name: string, clock: Clock) =>
  lockRelease({ kube, clock, name, namespace: "default", signal: new AbortController().signal });

test("a run whose clock is behind ours, and that goes on renewing, keeps its lock", async () => {
  const lease = await heldLease("behind", now - 30_000);
  const clock = fakeClock(now);
  const renewing: Clock = {
    now: clock.now,
    async delay(ms, signal) {
      await clock.delay(ms, signal);
      await lease.renew(clock.now() - 30_000);
    },
  };
  await expect(take("behind", renewing)).rejects.toMatchObject({
    code: "RELEASE_LOCKED",
    message: "Release behind is being deployed by elsewhere/7 since 2026-01-01T11:59:30Z",
  });
});

test("of two that begin together, the one that lost names the other", async () => {
  const clock = fakeClock(now);
  let winner: ReturnType<typeof take> | undefined;
  const late: KubeClient = {
    ...kube,
    async create(object, write) {
      // Between our look and our lease.
      if (object.kind === "Lease") winner ??= take("together", clock);
      await winner;
      return await kube.create(object, write);
    },
  };
  const losing = lockRelease({
    kube: late,
    clock: { ...clock, delay: (ms) => clock.delay(ms).then(async () => void (await renew("together", clock.now()))) },
    name: "together",
    namespace: "default",
    signal: new AbortController().signal,
    holder: { host: "late", pid: 1 },
  });
  await expect(losing).rejects.toMatchObject({
    code: "RELEASE_LOCKED",
    message: expect.stringContaining(`is being deployed by ${hostname()}/${process.pid} since`),
  });
  await (await winner)?.release();
});

test("a run that was seen not to renew for as long as its lease is dead", async () => {
  await heldLease("silent", now - 10_000);
  const clock = fakeClock(now);
  const lock = await take("silent", clock);
  expect(lock.takenOverFrom).toMatchObject({ holder: "elsewhere/7" });
  expect(clock.now() - now).toBeGreaterThan(15_000);
  await lock.release();
});

test("a lease that is long past is taken at once", async () => {
  await heldLease("past", now - 5 * 60_000);
  const clock = fakeClock(now);
  const lock = await take("past", clock);
  expect(lock.takenOverFrom).toMatchObject({ holder: "elsewhere/7" });
  expect(clock.waits).toEqual([]);
  await lock.release();
});

test("what a run abandoned is taken at once, with its name", async () => {
  const first = await take("abandoned", fakeClock(now));
  await first.abandon();
  const clock = fakeClock(now + 2_000);
  const lock = await take("abandoned", clock);
  expect(lock.takenOverFrom?.holder).toMatch(/\/\d+$/);
  expect(clock.waits).toEqual([]);
  await lock.release();
});

test("a run that lost its lock leaves the new holder's lease alone", async () => {
  const first = await take("lost", fakeClock(now));
  const second = await lockRelease({
    kube,
    clock: fakeClock(now + 10 * 60_000),
    name: "lost",
    namespace: "default",
    signal: new AbortController().signal,
    holder: { host: "elsewhere", pid: 8 },
  });
  await first.release();
  const ref = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", namespace: "default", name: "slipway-lost" };
  expect(await kube.get(ref)).toMatchObject({ spec: { holderIdentity: "elsewhere/8" } });
  await second.release();
  expect(await kube.get(ref)).toBeUndefined();
});

/** A clock on which the lease is renewed each second until `lives` are over, and then given back. */
function livingClock(lease: Awaited<ReturnType<typeof heldLease>>, name: string, lives: number): Clock {
  const clock = fakeClock(now);
  let left = lives;
  return {
    now: clock.now,
    async delay(ms, signal) {
      await clock.delay(ms, signal);
      left -= 1;
      if (left > 0) await lease.renew(clock.now());
      if (left === 0) await kube.delete(refOf(name));
    },
  };
}

const refOf = (name: string) => ({
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  namespace: "default",
  name: `slipway-${name}`,
});

test("a run that lives is waited for as long as that is asked", async () => {
  const told: string[] = [];
  const wait = async (name: string, lives: number) => {
    const lease = await heldLease(name, now);
    const clock = livingClock(lease, name, lives);
    const signal = new AbortController().signal;
    const onWait = (holder: string, doing: string) => told.push(`${doing} ${holder}`);
    return await lockRelease({ kube, clock, name, namespace: "default", signal, waitMs: 60_000, onWait });
  };
  const lock = await wait("patient", 40);
  expect(lock.takenOverFrom).toBeUndefined();
  expect(told).toEqual(["looking elsewhere/7", "waiting elsewhere/7"]);
  await lock.release();
  await expect(wait("impatient", 100)).rejects.toMatchObject({ code: "RELEASE_LOCKED" });
});

test("a run that dies while it is waited for is taken over", async () => {
  const lease = await heldLease("dying", now);
  const clock = fakeClock(now);
  let beats = 0;
  const dying: Clock = {
    now: clock.now,
    async delay(ms, signal) {
      await clock.delay(ms, signal);
      beats += 1;
      if (beats <= 20) await lease.renew(clock.now());
    },
  };
  const signal = new AbortController().signal;
  const lock = await lockRelease({ kube, clock: dying, name: "dying", namespace: "default", signal, waitMs: 120_000 });
  expect(lock.takenOverFrom).toMatchObject({ holder: "elsewhere/7" });
  expect(clock.now() - now).toBeLessThan(20_000 + 30_000);
  await lock.release();
});

test("a lock is told without being touched, and taken by force from a run that lives", async () => {
  const lease = await heldLease("forced", now);
  const signal = new AbortController().signal;
  const place = { namespace: "default", name: "forced" };
  expect(await readLock({ kube, signal }, place)).toEqual({
    holder: "elsewhere/7",
    since: textOf(now),
    renewed: textOf(now),
  });
  await lease.renew(now);
  const lock = await lockRelease({ kube, clock: fakeClock(now), ...place, signal, force: true });
  expect(lock.takenOverFrom).toMatchObject({ holder: "elsewhere/7" });
  await lock.release();
  expect(await readLock({ kube, signal }, place)).toBeUndefined();
});
