import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Output, type OutputType, outputTable } from "../../src/action/output-table.ts";
import { outputsOf } from "../../src/action/outputs.ts";
import type { Story } from "../../src/report/story.ts";

const table: Record<string, Output> = outputTable;

test("docs/action.md says of every output its type and who sets it", () => {
  const rows = readFileSync("docs/action.md", "utf8").matchAll(/^\| `([\w-]+)` \| (\w+) \| ([^|]+) \| (.+) \|$/gm);
  const told = [...rows].map(([, name, type, setBy = "", what = ""]) => {
    expect(what.length).toBeGreaterThan(10);
    return [name, type, [...setBy.matchAll(/`([\w-]+)`/g)].map(([, command]) => command)];
  });
  expect(told).toEqual(Object.entries(table).map(([name, { type, commands }]) => [name, type, [...commands]]));
});

const isOfType: Record<OutputType, (text: string) => boolean> = {
  text: () => true,
  number: (text) => /^\d*$/.test(text),
  boolean: (text) => /^(true|false)$/.test(text),
  json: (text) => typeof JSON.parse(text) === "object",
};

const ref = { apiVersion: "v1", kind: "ConfigMap", namespace: "shop", name: "a" };
const result = {
  release: "shop",
  namespace: "shop",
  revision: 2,
  status: "deployed",
  rolledBack: false,
  notes: "",
  failures: [],
} as const;
const story: Story = {
  command: "deploy",
  release: "shop",
  namespace: "shop",
  cancelled: false,
  changes: [{ action: "create", ref, operations: [] }],
  ending: { kind: "planned", notes: "" },
  observed: {
    hasChanged: false,
    rollout: [],
    rollback: [],
    warnings: [],
    hazards: [{ id: "a", severity: "warning", ref, message: "m", remedy: "r" }] as never,
  },
};

describe.each<[string, Story["ending"]]>([
  ["a plan", { kind: "planned", notes: "" }],
  ["a deploy", { kind: "result", result: { ...result, previousRevision: 1 } as never }],
  ["a first install", { kind: "result", result: result as never }],
  ["a deploy that failed", { kind: "result", result: { ...result, cause: "no", rolledBack: true } as never }],
  ["an error", { kind: "error", error: { message: "no" } }],
])("of %s", (_name, ending) => {
  test("each output is of its type", () => {
    const outputs = Object.entries(outputsOf({ ...story, ending }));
    const due = Object.keys(table).filter((name) => table[name]?.commands.includes("deploy"));
    expect(outputs.map(([name]) => name)).toEqual(expect.arrayContaining(due));
    for (const [name, text] of outputs) {
      const { type = "text", commands = [] } = table[name] ?? {};
      if (!commands.includes("deploy")) expect([name, text]).toEqual([name, ""]);
      else expect([name, text, isOfType[type](text)]).toEqual([name, text, true]);
    }
  });
});

test("the shapes are those that docs/action.md shows", () => {
  const { changes = "", hazards = "" } = outputsOf(story);
  const object = { kind: "ConfigMap", namespace: "shop", name: "a" };
  expect(JSON.parse(changes)).toEqual({ counts: { create: 1 }, objects: [{ action: "create", ...object }] });
  expect(JSON.parse(hazards)).toEqual([{ id: "a", severity: "warning", ...object, message: "m", remedy: "r" }]);
});
