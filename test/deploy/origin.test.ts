import { expect, test } from "vitest";
import { type Origin, originLabels, withOrigin } from "../../src/deploy/origin.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";

test.each<[Origin | undefined, string]>([
  [undefined, "Upgrade complete"],
  [{}, "Upgrade complete"],
  [{ commit, run: "12345678901", actor: "octocat" }, "Upgrade complete (commit 0123456, run 12345678901, octocat)"],
  [{ actor: "dependabot[bot]" }, "Upgrade complete (dependabot[bot])"],
])("the description of %j", (origin, text) => {
  expect(withOrigin("Upgrade complete", origin)).toBe(text);
});

test.each<[string, Origin | undefined, Record<string, string>, Record<string, string>]>([
  ["nothing known", undefined, {}, {}],
  [
    "all",
    { commit, run: "12", actor: "octocat" },
    {},
    { "slipway.dev/commit": commit, "slipway.dev/run": "12", "slipway.dev/actor": "octocat" },
  ],
  ["what no label takes", { actor: "dependabot[bot]" }, {}, { "slipway.dev/actor": "dependabot-bot" }],
  ["what is too long", { actor: `${"a".repeat(62)}-b` }, {}, { "slipway.dev/actor": "a".repeat(62) }],
  ["nothing that fits", { actor: "[]" }, {}, {}],
  [
    "a revision after one of a workflow",
    undefined,
    { "slipway.dev/commit": commit, team: "web" },
    { "slipway.dev/commit": "null" },
  ],
])("the labels of %s", (_, origin, before, labels) => {
  expect(originLabels(origin, before)).toEqual(labels);
});
