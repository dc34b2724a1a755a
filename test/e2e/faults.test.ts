import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mapConcurrently } from "../../src/base/concurrency.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { type Ended, runSlipway } from "../scenarios/tools.ts";
import { shop } from "../scenarios/world.ts";
import { deployInAHurry } from "./short-patience.ts";

type Fault = NonNullable<ReturnType<NonNullable<NonNullable<Parameters<typeof startSandbox>[0]>["intercept"]>>>;

const status = (code: number, reason: string, message: string) => ({
  status: code,
  headers: { "content-type": "application/json", ...(code === 429 ? { "retry-after": "0" } : {}) },
  body: { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message },
});

type Asked = { method: string; path: string };
type Row = {
  name: string;
  fault: Fault;
  /** Of which requests; of all where absent. */
  at?: (asked: Asked) => boolean;
  /** From that request on, each that it is of. */
  always?: boolean;
  /** Waits a hundredth of the usual time for an answer. */
  hurries?: boolean;
};

const isWatch = ({ path }: Asked) => /[?&]watch=(1|true)/.test(path);
const isList = (asked: Asked) => asked.method === "GET" && /[?&]limit=/.test(asked.path) && !isWatch(asked);
const gone = status(410, "Expired", "too old resource version");

const faults: Row[] = [
  { name: "409", fault: status(409, "Conflict", "the object has been modified") },
  { name: "429", fault: status(429, "TooManyRequests", "too many requests") },
  { name: "500", fault: status(500, "InternalError", "etcd is away") },
  { name: "503", fault: status(503, "ServiceUnavailable", "the server is starting") },
  { name: "a reset connection", fault: "reset" },
  { name: "an answer that is lost", fault: "lost" },
  // A hundredth of 30 s, where a hundredth of 65 s is waited.
  { name: "an answer after 30 s", fault: { delayMs: 300 }, hurries: true },
  { name: "an answer that never comes", fault: "stall", hurries: true },
  { name: "a watch that ends", fault: { status: 200, body: "" }, at: isWatch },
  { name: "watches that end, all of them", fault: { status: 200, body: "" }, at: isWatch, always: true },
  { name: "410 to a watch", fault: gone, at: isWatch },
  { name: "410 within a watch", fault: { status: 200, body: { type: "ERROR", object: gone.body } }, at: isWatch },
  { name: "410 to a list", fault: gone, at: isList },
];

type Tried = { index: number; upgrade: Ended; next: Ended | undefined; asked: Asked[] };
type Deploy = (set: string) => Promise<Ended>;

/** Upgrades on a sandbox whose request of that index meets the fault; where that fails, deploys again. */
async function meet({ fault, at = () => true, always, hurries }: Row, index: number): Promise<Tried> {
  let asked: Asked[] | undefined;
  const sandbox = await startSandbox({
    speed: 20,
    intercept(request) {
      const place = asked?.push(request);
      if (place === undefined || !at(request)) return undefined;
      return place - 1 === index || (always && place > index) ? fault : undefined;
    },
  });
  const folder = mkdtempSync(join(tmpdir(), "slipway-fault-"));
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, sandbox.kubeconfig, { mode: 0o600 });
  const patiently: Deploy = (set) =>
    runSlipway(["deploy", "shop", shop, "-n", "shop", "--kubeconfig", kubeconfig, "--timeout", "20s", "--set", set]);
  const inAHurry: Deploy = async (set) => ({ ...(await deployInAHurry(kubeconfig, [set])), out: "" });
  const deploy = hurries ? inAHurry : patiently;
  try {
    expect(
      await runSlipway(["deploy", "shop", shop, "-n", "shop", "--kubeconfig", kubeconfig, "--create-namespace"]),
    ).toMatchObject({ code: 0 });
    asked = [];
    const upgrade = await deploy("image.tag=1.1,cache.enabled=false");
    const all = asked;
    asked = undefined;
    const next = upgrade.code === 0 ? undefined : await deploy("image.tag=1.2");
    return { index, upgrade, next, asked: all };
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

test.concurrent.each(faults)("$name at any request of an upgrade", { timeout: 300_000 }, async (row) => {
  const { asked } = await meet(row, Number.POSITIVE_INFINITY);
  expect(asked.length).toBeGreaterThan(10);
  const places = asked.flatMap((request, index) => ((row.at ?? (() => true))(request) ? [index] : []));
  expect(places).not.toEqual([]);
  const tried = await mapConcurrently(row.always ? [0] : places, 5, (index) => meet(row, index));
  const survived = tried.filter(({ upgrade }) => upgrade.code === 0);
  console.log(`${row.name}: tried at ${tried.length} requests, survived ${survived.length}`);
  if (row.always) expect(survived.map(({ index }) => index)).toEqual([0]);
  for (const { index, upgrade, next } of tried) {
    if (upgrade.code === 0) continue;
    expect(upgrade.err, `request ${index}`).toMatch(/^Error: (?!this is a bug)/);
    expect(next, `the deploy after request ${index}: ${upgrade.err}`).toMatchObject({ code: 0 });
  }
});
