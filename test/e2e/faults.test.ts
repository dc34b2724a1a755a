import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mapConcurrently } from "../../src/base/concurrency.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { type Ended, runSlipway } from "../scenarios/tools.ts";
import { shop } from "../scenarios/world.ts";

type Fault = NonNullable<ReturnType<NonNullable<NonNullable<Parameters<typeof startSandbox>[0]>["intercept"]>>>;

const status = (code: number, reason: string, message: string) => ({
  status: code,
  headers: { "content-type": "application/json", ...(code === 429 ? { "retry-after": "0" } : {}) },
  body: { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message },
});

const faults: { name: string; fault: Fault }[] = [
  { name: "409", fault: status(409, "Conflict", "the object has been modified") },
  { name: "429", fault: status(429, "TooManyRequests", "too many requests") },
  { name: "500", fault: status(500, "InternalError", "etcd is away") },
  { name: "503", fault: status(503, "ServiceUnavailable", "the server is starting") },
  { name: "a reset connection", fault: "reset" },
];

type Tried = { index: number; upgrade: Ended; next: Ended | undefined; sent: number };

/** Upgrades on a sandbox whose request of that index meets the fault; where that fails, deploys again. */
async function meet(fault: Fault, index: number): Promise<Tried> {
  let sent = -1;
  const sandbox = await startSandbox({
    speed: 20,
    intercept: () => (sent >= 0 && sent++ === index ? fault : undefined),
  });
  const folder = mkdtempSync(join(tmpdir(), "slipway-fault-"));
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, sandbox.kubeconfig, { mode: 0o600 });
  const deploy = (...flags: string[]) =>
    runSlipway(["deploy", "shop", shop, "-n", "shop", "--kubeconfig", kubeconfig, "--timeout", "20s", ...flags]);
  try {
    expect(await deploy("--create-namespace")).toMatchObject({ code: 0 });
    sent = 0;
    const upgrade = await deploy("--set", "image.tag=1.1,cache.enabled=false");
    const counted = sent;
    sent = -1;
    const next = upgrade.code === 0 ? undefined : await deploy("--set", "image.tag=1.2");
    return { index, upgrade, next, sent: counted };
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

test.concurrent.each(faults)("$name at any request of an upgrade", { timeout: 300_000 }, async ({ name, fault }) => {
  const { sent } = await meet(fault, Number.POSITIVE_INFINITY);
  expect(sent).toBeGreaterThan(10);
  const tried = await mapConcurrently(
    Array.from({ length: sent }, (_, index) => index),
    2,
    (index) => meet(fault, index),
  );
  const survived = tried.filter(({ upgrade }) => upgrade.code === 0);
  console.log(`${name}: tried at ${tried.length} requests, survived ${survived.length}`);
  for (const { index, upgrade, next } of tried) {
    if (upgrade.code === 0) continue;
    expect(upgrade.err, `request ${index}`).toMatch(/^Error: (?!this is a bug)/);
    expect(next, `the deploy after request ${index}: ${upgrade.err}`).toMatchObject({ code: 0 });
  }
});
