import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { variableOf } from "../../src/action/input-table.ts";
import { outputNames } from "../../src/action/outputs.ts";
import { readInputs } from "../../src/action/read-inputs.ts";

type Step = { id?: string; uses?: string; with?: Record<string, unknown> };
type Job = { steps?: Step[]; permissions?: unknown; "timeout-minutes"?: number; uses?: string };

const files = [".github/workflows", "examples/workflows"].flatMap((folder) =>
  readdirSync(folder).map((name) => join(folder, name)),
);

describe.each(files)("%s", (file) => {
  const text = readFileSync(file, "utf8");
  const workflow: { jobs: Record<string, Job>; permissions: unknown } = parse(text);
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps ?? []);
  const ours = steps.filter(({ uses }) => uses === "./" || uses?.startsWith("OWNER/slipway@"));

  test("may do no more than it needs, and ends some day", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    for (const job of jobs) if (!job.uses) expect(job["timeout-minutes"]).toBeGreaterThan(0);
  });

  test("gives the action inputs that it takes", () => {
    for (const { with: inputs = {} } of ours) {
      const env = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [variableOf(name), String(value)]));
      expect(readInputs(env).problems).toEqual([]);
    }
  });

  test("reads outputs that the action sets", () => {
    const ids = ours.flatMap(({ id }) => id ?? []);
    for (const [, id = "", output = ""] of text.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
      if (ids.includes(id)) expect(outputNames).toContain(output);
    }
  });

  test("runs no text from outside as a script", () => {
    expect(parseScripts(steps).filter((script) => script.includes("${{"))).toEqual([]);
  });

  if (file.startsWith(".github")) {
    test("pins what it uses to a commit", () => {
      for (const { uses = "./" } of steps) expect(uses).toMatch(/^\.\/|@[0-9a-f]{40}$/);
    });
  }
});

function parseScripts(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => ("run" in step ? [String(step.run)] : []));
}
