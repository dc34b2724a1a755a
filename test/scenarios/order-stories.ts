import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { World } from "./tools.ts";
import { freshName } from "./world.ts";

const meta = (name: string, notes: string) =>
  `metadata:\n  name: ${name}\n  annotations: {note: it${notes === "" ? "" : `, ${notes}`}}\n`;
const container = (image: string) => `containers: [{name: c, image: "registry.example/${image}"}]`;

const deployment = (name: string, notes = "", image = "it:1") =>
  `apiVersion: apps/v1\nkind: Deployment\n${meta(name, notes)}spec:
  selector: {matchLabels: {app: ${name}}}
  template: {metadata: {labels: {app: ${name}}}, spec: {${container(image)}}}\n`;
const statefulSet = (name: string, image: string) =>
  `apiVersion: apps/v1\nkind: StatefulSet\n${meta(name, "")}spec:
  serviceName: ${name}
  selector: {matchLabels: {app: ${name}}}
  template: {metadata: {labels: {app: ${name}}}, spec: {${container(image)}}}\n`;
const job = (name: string, notes = "", image = "it:1") =>
  `apiVersion: batch/v1\nkind: Job\n${meta(name, notes)}spec:
  backoffLimit: 0
  template: {spec: {restartPolicy: Never, ${container(image)}}}\n`;
const configMap = (name: string, notes = "") => `apiVersion: v1\nkind: ConfigMap\n${meta(name, notes)}data: {a: b}\n`;
const on = (text: string) => `"slipway.dev/depends-on": "${text}"`;
const wave = (text: string) => `"slipway.dev/wave": "${text}"`;

/** Objects wait for each other as their annotations say; the same on every cluster. */
export function orderStories(world: () => World): void {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-order-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  let charts = 0;
  function chart(...objects: string[]): string {
    charts += 1;
    const path = join(folder, `chart${charts}`);
    mkdirSync(join(path, "templates"), { recursive: true });
    writeFileSync(join(path, "Chart.yaml"), "apiVersion: v2\nname: it\nversion: 1.0.0\n");
    writeFileSync(join(path, "templates/all.yaml"), objects.join("---\n"));
    return path;
  }

  /** What was written, and what got ready, in the order in which it was told. */
  function toldIn(out: string): string[] {
    const lines = out.split("Applying")[1]?.split("\n") ?? [];
    return lines.flatMap((line) => {
      const found = /^ {2}([+-]) (\w+) \S+\/(\w+)$|^ {2}✓ (\w+) \S+\/(\w+) ready/.exec(line);
      if (found === null) return [];
      return found[1] ? [`${found[1]} ${found[3]}`] : [`${found[5]} is ready`];
    });
  }

  test("an object waits until what it depends on is ready, and goes before it", async () => {
    const namespace = freshName("order");
    const path = chart(
      configMap("last", on("Deployment/web")),
      deployment("web", on("Job/migrate")),
      deployment("free"),
      job("migrate"),
    );
    const deployed = await world().slipway("deploy", "it", path, "-n", namespace, "--create-namespace");
    expect(deployed).toMatchObject({ code: 0, err: "" });
    const told = toldIn(deployed.out);
    expect(told.slice(0, 6)).toEqual(["+ free", "+ migrate", "migrate is ready", "+ web", "web is ready", "+ last"]);

    const gone = await world().slipway("uninstall", "it", "-n", namespace);
    expect(gone).toMatchObject({ code: 0, err: "" });
    expect(gone.out.split("\n").flatMap((line) => /^ {2}- \w+ \S+\/(\w+)/.exec(line)?.[1] ?? [])).toEqual([
      "last",
      "web",
      "migrate",
      "free",
    ]);
  });

  test("waves go one after the other, without a wait for the rollout, too", async () => {
    const namespace = freshName("waves");
    const path = chart(deployment("third", wave("2")), deployment("second", wave("1")), job("first"));
    const words = ["deploy", "it", path, "-n", namespace, "--create-namespace", "--wait=false"];
    const deployed = await world().slipway(...words);
    expect(deployed).toMatchObject({ code: 0, err: "" });
    expect(toldIn(deployed.out)).toEqual(["+ first", "first is ready", "+ second", "second is ready", "+ third"]);
  });

  test("where it does not get ready, nothing that depends on it is written, and the cause is told", async () => {
    const namespace = freshName("stuck");
    const path = chart(deployment("web", on("Job/migrate")), job("migrate", "", "it:exit1"));
    const words = ["deploy", "it", path, "-n", namespace, "--create-namespace", "--on-failure=keep"];
    const failed = await world().slipway(...words);
    expect(failed.code).toBe(1);
    expect(failed.err).toMatch(
      /^Error: Job \S+\/migrate: pod migrate-\S+, container c: .*FATAL: DATABASE_URL is not set/,
    );
    const { items } = await world().kube.list("apps/v1", "Deployment", { namespace });
    expect(items).toEqual([]);
  });

  test("the time until then counts against the timeout", async () => {
    const namespace = freshName("late");
    const path = chart(deployment("web", on("Deployment/slow")), deployment("slow", "", "it:never-ready"));
    const words = ["deploy", "it", path, "-n", namespace, "--create-namespace", "--timeout", "3s"];
    const failed = await world().slipway(...words);
    expect(failed.code).toBe(1);
    expect(failed.err).toMatch(/^Error: Deployment \S+\/slow/);
    expect(failed.err).toContain("The first install of it was taken back");
  });

  test("a StatefulSet that others wait for is taken back, too, where its broken pod stops it", async () => {
    const namespace = freshName("broken");
    const place = ["-n", namespace, "--timeout", "30s"];
    const parts = (image: string) => chart(deployment("web", on("StatefulSet/db")), statefulSet("db", image));
    expect(await world().slipway("deploy", "it", parts("db:1"), ...place, "--create-namespace")).toMatchObject({
      code: 0,
    });
    const failed = await world().slipway("deploy", "it", parts("db:crash"), ...place);
    expect(failed.code).toBe(1);
    expect(failed.err).toMatch(/^Error: StatefulSet \S+\/db: pod db-0, container c: CrashLoopBackOff/);
    expect(failed.err).toContain("Release it was rolled back to revision 1");
  });

  test("an order that can't be kept is refused before anything is changed", async () => {
    const namespace = freshName("circle");
    await world().kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    const path = chart(deployment("web", on("Job/migrate")), job("migrate", on("Deployment/web")));
    const refused = await world().slipway("deploy", "it", path, "-n", namespace);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(
      /goes in a circle: Deployment \S+\/web → Job \S+\/migrate → Deployment \S+\/web \(PLAN_ORDER\)/,
    );
    const { items } = await world().kube.list("v1", "Secret", { namespace });
    expect(items).toEqual([]);
  });
}
