import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { KubeObject } from "../../src/kube/types.ts";
import { secretsDriver } from "../../src/release/secrets-driver.ts";
import type { Ended, World } from "../scenarios/tools.ts";
import { freshName, openWorld } from "../scenarios/world.ts";

const tools = ["helm3", "helm4", "slipway"] as const;
type Tool = (typeof tools)[number];

let world: World;
let chart: string;
beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
  chart = writeChart();
});
afterAll(() => rmSync(chart, { recursive: true, force: true }));

/** Two ConfigMaps; where it is `broken`, a third that the API server refuses. */
function writeChart(): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-matrix-"));
  mkdirSync(join(folder, "templates"));
  const configMap = (name: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  value: {{ .Values.value | quote }}\n`;
  const files = {
    "Chart.yaml": "apiVersion: v2\nname: small\nversion: 1.0.0\nappVersion: '1'\n",
    "values.yaml": "value: one\nsecond: false\nbroken: false\n",
    "templates/first.yaml": configMap("first"),
    "templates/second.yaml": `{{ if .Values.second }}\n${configMap("second")}{{ end }}`,
    "templates/third.yaml": `{{ if .Values.broken }}\n${configMap("Not_a_name")}{{ end }}`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

type Run = (...words: string[]) => Promise<Ended>;

/** What each tool can do to the release `it` in the namespace. */
function hands(tool: Tool, namespace: string) {
  const run: Run = (verb, ...words) => world[tool](verb ?? "", ...words, "-n", namespace);
  const keep = tool === "slipway" ? ["--on-failure", "keep", "--ignore-hazards", "all"] : [];
  return {
    install: () => run("install", "it", chart),
    upgrade: (...sets: string[]) =>
      run("upgrade", "--install", "it", chart, ...keep, ...sets.flatMap((set) => ["--set", set])),
    rollback: () => run("rollback", "it", "1"),
    uninstall: (...flags: string[]) => run("uninstall", "it", ...flags),
    list: () =>
      run("list", ...(tool === "helm4" ? ["--uninstalled", "--deployed", "--failed"] : ["--all"]), "-o", "json"),
    history: () => run("history", "it", "-o", "json"),
    get: () => run("get", "manifest", "it"),
  };
}

type Hands = ReturnType<typeof hands>;
type State = {
  name: string;
  make: (by: Hands) => AsyncGenerator<Ended>;
  /** The statuses of its revisions. */
  statuses: string[];
  /** The statuses after one more deploy, and after an upgrade where they are others. */
  after: string[];
  upgraded?: string[];
  /** What Helm leaves after an upgrade, where we do better or otherwise. */
  helms?: { values: Record<string, string> };
};

const states: State[] = [
  {
    name: "installed",
    async *make(by) {
      yield await by.install();
    },
    statuses: ["deployed"],
    after: ["superseded", "deployed"],
  },
  {
    name: "upgraded",
    async *make(by) {
      yield await by.install();
      yield await by.upgrade("value=two", "second=true");
    },
    statuses: ["superseded", "deployed"],
    after: ["superseded", "superseded", "deployed"],
  },
  {
    name: "failed",
    async *make(by) {
      yield await by.install();
      const failed = await by.upgrade("value=two", "second=true", "broken=true");
      yield { ...failed, code: failed.code === 0 ? 1 : 0 };
    },
    statuses: ["deployed", "failed"],
    after: ["superseded", "failed", "deployed"],
    // What the failed revision added is nobody's to Helm.
    helms: { values: { first: "three", second: "two" } },
  },
  {
    name: "rolled back",
    async *make(by) {
      yield await by.install();
      yield await by.upgrade("value=two", "second=true");
      yield await by.rollback();
    },
    statuses: ["superseded", "superseded", "deployed"],
    after: ["superseded", "superseded", "superseded", "deployed"],
  },
  {
    name: "uninstalled with its history kept",
    async *make(by) {
      yield await by.install();
      yield await by.uninstall("--keep-history");
    },
    statuses: ["uninstalled"],
    after: ["uninstalled", "deployed"],
    upgraded: ["superseded", "deployed"],
  },
];

/** Everything that a release has in its namespace. */
async function objectsIn(namespace: string): Promise<KubeObject[]> {
  const kinds = ["ConfigMap", "Secret"] as const;
  const lists = await Promise.all(
    kinds.map(async (kind) => {
      const { items } = await world.kube.list("v1", kind, { namespace });
      return items.map((item) => ({ ...item, apiVersion: "v1", kind }));
    }),
  );
  return lists.flat().filter(({ metadata }) => metadata.name !== "kube-root-ca.crt");
}

/** Puts the namespace back to what it had. */
async function restore(namespace: string, had: readonly KubeObject[]): Promise<void> {
  const { kube } = world;
  const has = await objectsIn(namespace);
  await Promise.all(
    has.map(({ apiVersion, kind, metadata }) => kube.delete({ apiVersion, kind, namespace, name: metadata.name })),
  );
  await Promise.all(
    had.map(({ metadata: { uid: _, resourceVersion: __, creationTimestamp: ___, ...metadata }, ...rest }) =>
      kube.create({ ...rest, metadata } as KubeObject, { fieldManager: "helm" }),
    ),
  );
}

async function statusesIn(namespace: string): Promise<string[]> {
  const history = await secretsDriver(world.kube, namespace).history("it");
  return history.map(({ status }) => status);
}

async function valuesIn(namespace: string): Promise<Record<string, unknown>> {
  const objects = await objectsIn(namespace);
  const configMaps = objects.filter(({ kind }) => kind === "ConfigMap");
  return Object.fromEntries(
    configMaps.map(({ metadata, ...rest }) => [metadata.name, (rest["data"] as { value: string }).value]),
  );
}

function done(ended: Ended, what: string): string {
  expect(ended.code, `${what}: ${ended.err}`).toBe(0);
  return ended.out;
}

type Made = { namespace: string; had: KubeObject[] };

describe.concurrent.each(states.flatMap((state) => tools.map((maker) => ({ ...state, maker }))))(
  "$name by $maker",
  ({ make, maker, statuses, after, upgraded = after, helms }) => {
    const others = tools.filter((tool) => tool !== maker);
    let made: Made;
    beforeAll(async () => {
      const namespace = freshName("matrix");
      await world.kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
      for await (const ended of make(hands(maker, namespace))) done(ended, maker);
      made = { namespace, had: await objectsIn(namespace) };
    });

    const last = statuses.at(-1) ?? "";
    const cells: Record<string, (by: Hands, namespace: string, tool: Tool) => Promise<void>> = {
      async list(by) {
        const told = JSON.parse(done(await by.list(), "list"));
        expect(told).toMatchObject([
          { name: "it", revision: String(statuses.length), status: last, chart: "small-1.0.0" },
        ]);
      },
      async history(by) {
        const told = JSON.parse(done(await by.history(), "history"));
        expect(told.map(({ status }: { status: string }) => status)).toEqual(statuses);
      },
      async get(by, namespace) {
        const [told, own] = await Promise.all([by.get(), hands(maker, namespace).get()]);
        expect(done(told, "get").trim()).toBe(done(own, "get").trim());
        expect(told.out).toContain("name: first");
      },
      async upgrade(by, namespace, tool) {
        done(await by.upgrade("value=three"), "upgrade");
        const expected = tool === "slipway" ? undefined : helms;
        expect(await statusesIn(namespace)).toEqual(upgraded);
        expect(await valuesIn(namespace)).toEqual(expected?.values ?? { first: "three" });
      },
      async rollback(by, namespace) {
        done(await by.rollback(), "rollback");
        expect(await statusesIn(namespace)).toEqual(after);
        expect(await valuesIn(namespace)).toEqual({ first: "one" });
      },
      async uninstall(by, namespace) {
        done(await by.uninstall(), "uninstall");
        expect(await objectsIn(namespace)).toEqual([]);
      },
    };

    describe.sequential.each(others)("then by %s", (other) => {
      test.each(Object.keys(cells))("%s", async (cell) => {
        try {
          await cells[cell]?.(hands(other, made.namespace), made.namespace, other);
        } finally {
          await restore(made.namespace, made.had);
        }
      });
    });
  },
);
