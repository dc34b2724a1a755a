import { describe, expect, test } from "vitest";
import type { Flag } from "../../src/cli/flags.ts";
import { parseDuration } from "../../src/cli/parse-duration.ts";
import { parseFlags } from "../../src/cli/parse-flags.ts";

const flags: Flag[] = [
  { name: "namespace", short: "n", type: "string", description: "" },
  { name: "values", short: "f", type: "strings", description: "" },
  { name: "atomic", aliases: ["rollback-on-failure"], short: "a", type: "boolean", description: "" },
  { name: "help", short: "h", type: "boolean", description: "" },
  { name: "timeout", type: "duration", description: "" },
  { name: "history-max", type: "integer", description: "" },
  {
    name: "server-side",
    type: "choice",
    choices: ["auto", "true", "false"],
    bare: "true",
    takesNext: true,
    description: "",
  },
  { name: "dry-run", type: "choice", choices: ["none", "client", "server"], bare: "client", description: "" },
];

const rows: [line: string, positionals: string[], values: Record<string, unknown>][] = [
  ["shop ./chart", ["shop", "./chart"], {}],
  ["-n prod shop", ["shop"], { namespace: "prod" }],
  ["-nprod shop", ["shop"], { namespace: "prod" }],
  ["-n=prod", [], { namespace: "prod" }],
  ["--namespace=prod", [], { namespace: "prod" }],
  ["--namespace prod", [], { namespace: "prod" }],
  ["-f a.yaml -f b.yaml --values=c.yaml", [], { values: ["a.yaml", "b.yaml", "c.yaml"] }],
  ["-f -", [], { values: ["-"] }],
  ["--atomic shop", ["shop"], { atomic: true }],
  ["--atomic=false", [], { atomic: false }],
  ["--rollback-on-failure", [], { atomic: true }],
  ["-ah", [], { atomic: true, help: true }],
  ["-a=false", [], { atomic: false }],
  ["--server-side shop", ["shop"], { "server-side": "true" }],
  ["--server-side auto shop", ["shop"], { "server-side": "auto" }],
  ["--server-side=F auto", ["auto"], { "server-side": "false" }],
  ["--timeout 1m30s", [], { timeout: 90_000 }],
  ["--history-max 0", [], { "history-max": 0 }],
  ["--dry-run shop", ["shop"], { "dry-run": "client" }],
  ["--dry-run=server shop", ["shop"], { "dry-run": "server" }],
  ["shop -- --namespace", ["shop", "--namespace"], {}],
];

test.each(rows)("%s", (line, positionals, values) => {
  const parsed = parseFlags(line.split(" "), flags);
  expect(parsed.positionals).toEqual(positionals);
  expect(Object.fromEntries(parsed.flags)).toEqual(values);
});

describe("refused", () => {
  const refused: [line: string, code: string, hint: RegExp][] = [
    ["--namespce x", "INPUT_UNKNOWN", /Did you mean --namespace\?/],
    ["-x", "INPUT_UNKNOWN", /--help/],
    ["--namespace", "INPUT_INVALID", /--namespace/],
    ["--timeout soon", "INPUT_INVALID", /5m/],
    ["--history-max -1", "INPUT_INVALID", /whole number/],
    ["--dry-run=maybe", "INPUT_INVALID", /none, client, server/],
    ["--atomic=perhaps", "INPUT_INVALID", /true or false/],
  ];
  test.each(refused)("%s", (line, code, hint) => {
    expect(() => parseFlags(line.split(" "), flags)).toThrow(
      expect.objectContaining({ code, hint: expect.stringMatching(hint) }),
    );
  });
});

test.each([
  ["90", 90_000],
  ["5m0s", 300_000],
  ["1h30m", 5_400_000],
  ["1.5s", 1500],
  ["250ms", 250],
  ["", undefined],
  ["-5s", undefined],
  ["5 m", undefined],
])("the duration %s", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});
