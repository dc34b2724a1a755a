import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { GoInt, type GoMap, type GoValue } from "../../src/base/go-value.ts";
import type { Chart, ChartFile } from "../../src/chart/types.ts";
import { chartRecord, configRecord, goToJson, hookRecord } from "../../src/release/chart-record.ts";
import { decodeRelease } from "../../src/release/codec.ts";
import type { JsonObject } from "../../src/release/types.ts";
import { recordedSecret, recordedText } from "./releases.ts";

const root = new URL("fixtures/tiny/", import.meta.url);

function filesUnder(folder: string): ChartFile[] {
  return readdirSync(new URL(folder, root))
    .sort()
    .map((name) => ({ name: `${folder}/${name}`, data: readFileSync(new URL(`${folder}/${name}`, root)) }));
}

/** The chart in fixtures/tiny, as loaded and with its subchart's values coalesced. */
const tiny: Chart = {
  metadata: {
    apiVersion: "v2",
    name: "tiny",
    version: "0.1.0",
    appVersion: "1.0",
    description: "A small chart",
    type: "application",
    keywords: ["one"],
    maintainers: [{ name: "Ada", email: "ada@example.org" }],
    annotations: { team: "shop" },
    dependencies: [
      {
        name: "side",
        version: "0.1.0",
        repository: "file://charts/side",
        condition: "side.enabled",
        tags: ["x"],
        enabled: true,
      },
    ],
  },
  lock: {
    generated: "2026-01-02T03:04:05.123456789Z",
    digest: `sha256:${"0".repeat(64)}`,
    dependencies: [{ name: "side", version: "0.1.0", repository: "file://charts/side" }],
  },
  templates: filesUnder("templates"),
  files: [...filesUnder("crds"), ...filesUnder("files")],
  raw: [],
  values: new Map<string, GoValue>([
    ["big", 12345678901234n],
    ["list", ["a", new GoInt("int", 1n), true, null]],
    ["ratio", 0.5],
    ["replicas", 1],
    [
      "side",
      new Map<string, GoValue>([
        ["enabled", true],
        ["global", new Map()],
        ["port", 80n],
      ]),
    ],
    ["text", "<a & b>"],
  ]),
  schema: readFileSync(new URL("values.schema.json", root)),
  dependencies: [],
  origin: "tiny",
};

test.each(["helm3-1", "helm4-1"] as const)("the chart is recorded as %s recorded it", async (name) => {
  const { chart } = await decodeRelease(recordedText(recordedSecret(name)), {});
  const made = JSON.parse(JSON.stringify(chartRecord(tiny)));
  expect(made).toEqual(withoutTimes(chart));
  expect(Object.keys(made.metadata)).toEqual(Object.keys(chart["metadata"] as JsonObject));
});

// Helm 4 also keeps when each file was last changed.
function withoutTimes(chart: JsonObject): unknown {
  return JSON.parse(JSON.stringify(chart), (key, value) => (/^(schema)?modtime$/.test(key) ? undefined : value));
}

test("a chart with next to nothing is recorded as Helm does", () => {
  const metadata = { apiVersion: "v2", name: "min", version: "0.1.0", deprecated: false, home: "" };
  const chart = { metadata, templates: [], files: [], raw: [], values: new Map(), dependencies: [], origin: "min" };
  expect(chartRecord(chart)).toEqual({
    metadata: { name: "min", version: "0.1.0", apiVersion: "v2" },
    lock: null,
    templates: null,
    values: null,
    schema: null,
    files: null,
  });
});

describe("Go values become JSON", () => {
  const map = (entries: [string, GoValue][]): GoMap => new Map(entries);
  test.each<[string, GoValue, string]>([
    ["nothing", null, "null"],
    ["a whole number", 3n, "3"],
    ["an int", new GoInt("int", -4n), "-4"],
    ["a float", 1e21, "1e+21"],
    ["lists and maps", [map([["a", [map([]), true]]])], '[{"a":[{},true]}]'],
    ["names like __proto__", map([["__proto__", "x"]]), '{"__proto__":"x"}'],
  ])("%s", (_, value, json) => {
    expect(JSON.stringify(goToJson(value))).toBe(json);
  });
});

test("the config is what the user set", () => {
  expect(configRecord(new Map<string, GoValue>([["replicas", 2n]]))).toEqual({ replicas: 2 });
});

test("a hook is recorded under the template that it came from", () => {
  const hook = {
    source: "shop/templates/migrate.yaml",
    content: "kind: Job\n",
    apiVersion: "batch/v1",
    kind: "Job",
    name: "migrate",
    events: ["pre-upgrade" as const],
    weight: 5,
    deletePolicies: ["hook-succeeded" as const],
    outputLogPolicies: [],
  };
  expect(hookRecord(hook)).toEqual({
    name: "migrate",
    kind: "Job",
    path: "shop/templates/migrate.yaml",
    manifest: "kind: Job\n",
    events: ["pre-upgrade"],
    weight: 5,
    deletePolicies: ["hook-succeeded"],
    outputLogPolicies: [],
  });
});
