import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type Input, inputTable, variableOf } from "../../src/action/input-table.ts";
import { outputNames } from "../../src/action/output-table.ts";
import { readInputs } from "../../src/action/read-inputs.ts";

type Step = { id?: string; uses?: string; with?: Record<string, unknown> };
type Job = { steps?: Step[]; permissions?: unknown; "timeout-minutes"?: number | string; uses?: string };
type CallInput = { type: "string" | "boolean" | "number"; default?: unknown; required?: boolean; description?: string };
type Call = {
  inputs?: Record<string, CallInput>;
  secrets?: Record<string, { description?: string }>;
  outputs?: Record<string, { value: string }>;
};

const { version } = JSON.parse(readFileSync("package.json", "utf8"));

const files = [".github/workflows", "examples/workflows"].flatMap((folder) =>
  readdirSync(folder).map((name) => join(folder, name)),
);

describe.each(files)("%s", (file) => {
  const text = readFileSync(file, "utf8");
  const workflow: { on: { workflow_call?: Call } | string; jobs: Record<string, Job>; permissions: unknown } =
    parse(text);
  const call = typeof workflow.on === "object" ? workflow.on.workflow_call : undefined;
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps ?? []);
  const ours = steps.filter(({ uses }) => uses === "./" || uses?.startsWith("OWNER/slipway@"));

  test("may do no more than it needs, and ends some day", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    for (const job of jobs) if (!job.uses) expect(filled(job["timeout-minutes"], call)).toBeGreaterThan(0);
  });

  test("gives the action inputs that it takes", () => {
    for (const { with: inputs = {} } of ours) {
      const given = Object.entries(inputs).map(([name, value]) => [variableOf(name), String(filled(value, call))]);
      const env = Object.fromEntries(given);
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
      const isPinned = (uses: string) => /^\.\/|@[0-9a-f]{40}$/.test(uses) || uses === `OWNER/slipway@v${version}`;
      expect(steps.map(({ uses = "./" }) => uses).filter((uses) => !isPinned(uses))).toEqual([]);
    });
  }

  if (call?.inputs !== undefined) {
    const { inputs, secrets = {}, outputs = {} } = call;
    const passed = ours.flatMap(({ with: given = {} }) => Object.entries(given));
    const inWorkflow = ["environment", "timeout-minutes"];

    test("passes each of its inputs and secrets on under its name, as what it is", () => {
      const ownNames = Object.keys(inputs).filter((name) => !inWorkflow.includes(name));
      const wanted = [
        ...ownNames.map((name) => `inputs.${name}`),
        ...Object.keys(secrets).map((name) => `secrets.${name}`),
      ];
      const given = passed.filter(([name]) => name !== "command");
      expect(given.map(([, value]) => value).sort()).toEqual(wanted.map((path) => `\${{ ${path} }}`).sort());
      for (const [name, value] of given) expect(value).toMatch(new RegExp(`\\.${name} }}$`));
    });

    test("has the action's own types and defaults", () => {
      const table: Record<string, Input> = inputTable;
      for (const [name, { type, default: usual, description }] of Object.entries(inputs)) {
        if (inWorkflow.includes(name)) continue;
        expect([name, type]).toEqual([name, table[name]?.kind === "boolean" ? "boolean" : "string"]);
        expect([name, usual === undefined ? undefined : String(usual)]).toEqual([name, table[name]?.default]);
        expect(description).toMatch(/.{10,}/);
      }
    });

    test("gives outputs that its job has", () => {
      for (const [name, { value }] of Object.entries(outputs)) {
        const [id = ""] = Object.keys(workflow.jobs);
        expect(value).toBe(`\${{ jobs.${id}.outputs.${name} }}`);
        expect(workflow.jobs[id]).toMatchObject({ outputs: { [name]: `\${{ steps.slipway.outputs.${name} }}` } });
      }
    });

    test("shows how it is called, with the permissions that its job has", () => {
      const shown = parse(
        text
          .replace(/^# {3}|^#(?=\n)/gm, "")
          .replace(/^(#.*|[A-Z].*)\n/, "")
          .split(/^(?:name|# A secret)/m)[0] ?? "",
      );
      const [caller] = Object.values<Job & { with?: object; secrets?: object }>(shown.jobs);
      const [job] = jobs;
      expect(caller?.permissions).toEqual(job?.permissions);
      expect(caller?.uses).toBe(`OWNER/slipway/${file}@v${version}`);
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(caller?.with ?? {})));
      expect(Object.keys(secrets)).toEqual(expect.arrayContaining(Object.keys(caller?.secrets ?? {})));
    });
  }
});

/** What an expression of a called workflow's inputs stands for, where nobody gives one. */
function filled(value: unknown, call: Call | undefined): unknown {
  const [, name] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(String(value)) ?? [];
  if (name === undefined || call === undefined) return value;
  return call.inputs?.[name]?.default ?? "";
}

function parseScripts(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => ("run" in step ? [String(step.run)] : []));
}
