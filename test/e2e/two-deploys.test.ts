import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { stringAt } from "../../src/base/json-path.ts";
import { secretsDriver } from "../../src/release/secrets-driver.ts";
import type { Ended, World } from "../scenarios/tools.ts";
import { freshName, openWorld } from "../scenarios/world.ts";

const rounds = Number(process.env["SLIPWAY_RACES"] ?? 50);
const names = ["one", "two", "three", "four"];

let world: World;
let folder: string;
beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
  folder = mkdtempSync(join(tmpdir(), "slipway-race-"));
  mkdirSync(join(folder, "templates"));
  writeFileSync(join(folder, "Chart.yaml"), "apiVersion: v2\nname: it\nversion: 1.0.0\n");
  const objects = names.map(
    (name) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {by: {{ .Values.by | quote }}}\n`,
  );
  writeFileSync(join(folder, "templates/all.yaml"), objects.join("---\n"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One deploy in a process of its own. */
function deploy(namespace: string, by: string): Promise<Ended & { pid: number }> {
  const words = ["deploy", "it", folder, "-n", namespace, "--set-string", `by=${by}`, "--kubeconfig", world.kubeconfig];
  const child = spawn(process.execPath, [join(inject("dist"), "cli.js"), ...words], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    texts.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    texts.err += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, ...texts, pid: child.pid ?? 0 }));
  });
}

const locked = /Release it is being deployed by (\S+) since 20/;
const tooLate = /(\S+) deployed revision \d+ of it meanwhile/;

test(`of two deploys at once, ${rounds} times, one wins and the other says who did`, {
  timeout: 900_000,
}, async () => {
  const namespace = freshName("race");
  await world.kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const driver = secretsDriver(world.kube, namespace);
  const ends = { both: 0, locked: 0, tooLate: 0 };
  let last = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const tellers = [`${round}a`, `${round}b`];
    const ended = await Promise.all(tellers.map((by) => deploy(namespace, by)));
    const lost = ended.filter(({ code }) => code !== 0);
    for (const { err, pid } of lost) {
      const [, who] = locked.exec(err) ?? tooLate.exec(err) ?? [];
      expect(who, err).toBe(`${hostname()}/${ended.find((other) => other.pid !== pid)?.pid}`);
    }
    expect(lost.length).toBeLessThan(2);
    if (lost.length === 0) ends.both += 1;
    else if (locked.test(lost[0]?.err ?? "")) ends.locked += 1;
    else ends.tooLate += 1;

    const history = await driver.history("it");
    const newest = history.at(-1);
    const revisions = history.map(({ revision }) => revision);
    expect(newest?.revision).toBe(last + 2 - lost.length);
    expect(revisions).toEqual(revisions.map((_, at) => (revisions[0] ?? 0) + at));
    expect(history.map(({ status }) => status)).toEqual(
      revisions.map((_, at) => (at < revisions.length - 1 ? "superseded" : "deployed")),
    );
    const by = stringAt(newest?.config, "by") ?? "";
    expect(tellers).toContain(by);
    const { items } = await world.kube.list("v1", "ConfigMap", { namespace });
    const written = items
      .filter(({ metadata }) => names.includes(metadata.name))
      .map((item) => stringAt(item, "data", "by"));
    expect(written).toEqual(names.map(() => by));
    last = newest?.revision ?? 0;
  }
  const leases = await world.kube.list("coordination.k8s.io/v1", "Lease", { namespace });
  expect(leases.items).toEqual([]);
  console.log(
    `${rounds} rounds: ${ends.locked} refused by the lock, ${ends.tooLate} too late, all told by whom; ${ends.both} one after the other`,
  );
  expect(ends.locked + ends.tooLate).toBeGreaterThan(0);
});
