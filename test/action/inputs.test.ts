import { describe, expect, test } from "vitest";
import { variableOf } from "../../src/action/input-table.ts";
import { parseInputs } from "../../src/action/inputs.ts";
import { SlipwayError } from "../../src/base/error.ts";

const least = { release: "shop", chart: "./shop" };

function parse(inputs: Record<string, string>) {
  return parseInputs(Object.fromEntries(Object.entries(inputs).map(([name, value]) => [variableOf(name), value])));
}

function failure(inputs: Record<string, string>): SlipwayError {
  try {
    parse(inputs);
  } catch (error) {
    if (error instanceof SlipwayError) return error;
  }
  throw new Error("it was accepted");
}

test("what is not given has its default", () => {
  expect(parse(least)).toMatchObject({
    command: "deploy",
    release: "shop",
    namespace: undefined,
    connection: {},
    dryRun: false,
    historyMax: 10,
    onFailure: "rollback",
    carryOut: { timeoutMs: 300_000, wait: true, waitForLockMs: 0, hooks: true },
    deploy: {
      chart: { reference: "./shop" },
      createNamespace: false,
      helm: "4",
      method: "auto",
      values: { files: [], inline: [], set: [] },
    },
  });
});

test("every input reaches its option", () => {
  const given = parse({
    ...least,
    namespace: "web",
    "create-namespace": "TRUE",
    values: "  image:\n    tag: '2'\n",
    "values-files": "a.yaml, b.yaml\nc.yaml\n",
    set: "a=1,b=2\n\n  c=3\n",
    "set-string": "d=4",
    server: "https://k.example",
    token: " t0ken ",
    context: "prod",
    "certificate-authority": "ca.pem",
    timeout: "1m30s",
    wait: "false",
    "on-failure": "keep",
    "plan-file": " plans/shop.json ",
    "history-max": "0",
    helm: "3",
    description: "by hand",
    "replace-immutable": "none",
    "ignore-hazards": "quota-exceeded, record-too-large",
    "server-side": "true",
    "force-conflicts": "Deployment/web:spec.replicas\nspec.*",
    "take-ownership": "true",
    crds: "upgrade",
    "skip-crds": "true",
    "wait-for-lock": "30m",
    test: "true",
    "config-rollout": "rename",
  });
  expect(given).toMatchObject({
    namespace: "web",
    connection: { server: "https://k.example", token: "t0ken", context: "prod", certificateAuthority: "ca.pem" },
    carryOut: {
      timeoutMs: 90_000,
      wait: false,
      waitForLockMs: 30 * 60_000,
      replaceImmutable: "none",
      forceConflicts: ["Deployment/web:spec.replicas", "spec.*"],
    },
    onFailure: "keep",
    historyMax: 0,
    planFile: "plans/shop.json",
    deploy: {
      createNamespace: true,
      ignoreHazards: ["quota-exceeded", "record-too-large"],
      takeOwnership: true,
      skipCrds: true,
      upgradeCrds: true,
      test: true,
      configRollout: "rename",
      method: "ssa",
      helm: "3",
      description: "by hand",
      values: {
        files: ["a.yaml", "b.yaml", "c.yaml"],
        // Its first line's blanks are part of the YAML.
        inline: ["  image:\n    tag: '2'\n"],
        set: ["a=1,b=2", "c=3"],
        setString: ["d=4"],
      },
    },
  });
});

test("an audience stands in place of a token", () => {
  const given = parse({ ...least, server: "https://k.example", audience: "cluster" });
  expect(given.connection).toEqual({ server: "https://k.example", audience: "cluster" });
});

test("each command is told what it needs", () => {
  expect(parse({ command: "rollback", release: "shop", revision: "3" })).toMatchObject({
    command: "rollback",
    revision: 3,
  });
  expect(parse({ command: "uninstall", release: "shop" })).toMatchObject({ command: "uninstall" });
  expect(parse({ ...least, command: "plan" })).toMatchObject({ command: "plan", dryRun: true });
});

describe("what is wrong is told with place and next step", () => {
  const cases: [name: string, inputs: Record<string, string>, code: string, where: string, text: string][] = [
    ["a misspelt input", { ...least, namespce: "x" }, "INPUT_UNKNOWN", 'input "namespce"', 'Did you mean "namespace"?'],
    [
      "an input with underscores",
      { ...least, create_namespace: "true" },
      "INPUT_UNKNOWN",
      'input "create_namespace"',
      '"create-namespace"',
    ],
    [
      "an input like no other",
      { ...least, xyzzyxyzzy: "1" },
      "INPUT_UNKNOWN",
      'input "xyzzyxyzzy"',
      "The inputs are command,",
    ],
    [
      "a misspelt command",
      { ...least, command: "deplyo" },
      "INPUT_INVALID",
      'input "command"',
      'Did you mean "deploy"?',
    ],
    ["a time without a number", { ...least, timeout: "soon" }, "INPUT_INVALID", 'input "timeout"', "90s, 5m or 1h30m"],
    ["neither true nor false", { ...least, wait: "yes" }, "INPUT_INVALID", 'input "wait"', "true or false"],
    ["no number", { ...least, "history-max": "-1" }, "INPUT_INVALID", 'input "history-max"', "whole number"],
    [
      "no field",
      { ...least, "force-conflicts": "Deployment/web:" },
      "INPUT_INVALID",
      'input "force-conflicts"',
      "[KIND[/NAME]:]PATH",
    ],
    ["no release", { chart: "./shop" }, "INPUT_INVALID", 'input "release"', "Name the release"],
    ["no chart", { release: "shop" }, "INPUT_INVALID", 'input "chart"', "Name the chart"],
    ["no name of a namespace", { ...least, namespace: "../x" }, "INPUT_INVALID", 'input "namespace"', "lower-case"],
    ["a revision to deploy", { ...least, revision: "1" }, "INPUT_INVALID", 'input "revision"', "command: rollback"],
    [
      "a plan to uninstall",
      { release: "shop", command: "uninstall", "plan-file": "p.json" },
      "INPUT_INVALID",
      'input "plan-file"',
      "carried out by command: deploy",
    ],
    [
      "two ways to log in",
      { ...least, token: "x", audience: "cluster" },
      "INPUT_INVALID",
      'input "audience"',
      "one of the two",
    ],
    ["a server alone", { ...least, server: "https://k.example" }, "INPUT_INVALID", 'input "token"', "needs a token"],
  ];
  test.each(cases)("%s", (_, inputs, code, where, text) => {
    const error = failure(inputs);
    expect({ code: error.code, where: error.where }).toEqual({ code, where });
    expect(error.hint).toContain(text);
  });

  test("all of it at once", () => {
    const error = failure({ release: "shop", timeout: "soon", namespce: "x", "dry-run": "maybe" });
    expect(error.message.split("; ")).toEqual([
      'There is no input "namespce"',
      'The input "timeout" can\'t be "soon"',
      'The input "dry-run" can\'t be "maybe"',
      'The input "chart" is missing',
    ]);
    expect(error.detail).toContain('Did you mean "namespace"?');
  });

  test("names that objects have by themselves are unknown like any other", () => {
    expect(failure({ ...least, __proto: "1", constructor: "1" }).code).toBe("INPUT_UNKNOWN");
  });
});
