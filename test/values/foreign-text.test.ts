import { describe, expect, test } from "vitest";
import { interpolate } from "../../src/values/interpolate.ts";

const tag = (name: string) => `\${{ ${name} }}`;
const title = tag("github.event.pull_request.title");

function fillIn(text: string, value: string): Promise<string> {
  const context = {
    github: {
      head_ref: value,
      event: { pull_request: { title: value, labels: [{ name: value }] }, inputs: { extra: value } },
    },
    env: { GITHUB_HEAD_REF: value, OTHER: value },
    secrets: { extra: value },
  };
  return interpolate(text, { file: "prod.yaml", context, onSecret: () => {} });
}

describe("a text of anybody that says more than its own value is refused", () => {
  test.each([
    ["a quote that ends it", `a: { b: "${title}" }`, 'x", replicas: "99'],
    ["a line of its own", `a: ${title}\nb: 1`, "x\nreplicas: 99"],
    ["a map", `a: ${title}`, "{ runAsUser: 0 }"],
    ["a list", `a: ${title}`, "[ x ]"],
    ["another item", `a: [ ${title} ]`, "x, y"],
    ["another document", `a: ${title}\n`, "x\n---\nreplicas: 99"],
    ["a comment over what follows", `a: { b: ${title}, c: 1 }`, "x } #"],
    ["an end of a block of text", `a: |\n  ${title}\nb: 1`, "x\nc: 2"],
    ["a key of a map", `{ ${title}: 1 }`, "a: 2, b"],
    ["a value that stands there already", `a: 1\nb: "${title}"\n`, 'x"\na: "2'],
    ["the branch", `a: { b: "${tag("github.head_ref")}" }`, 'x", c: "y'],
    ["the branch, by its variable", `a: { b: "${tag("env.GITHUB_HEAD_REF")}" }`, 'x", c: "y'],
    [
      "one of several",
      `a:\n${tag("#github.event.pull_request.labels")}\n- { b: ${tag("name")} }\n${tag("/github.event.pull_request.labels")}\n`,
      "x, c: y",
    ],
  ])("%s", async (_, text, value) => {
    await expect(fillIn(text, value)).rejects.toMatchObject({
      code: "VALUES_INVALID",
      message: expect.stringContaining("would say more than its own value"),
      hint: expect.stringContaining("pr.title"),
    });
  });

  test("it says where", async () => {
    await expect(fillIn(`a: 1\nb: ${title}`, "{}")).rejects.toMatchObject({ where: "prod.yaml:2:4" });
  });
});

test.each([
  ["a plain one", `a: "${title}"\n`, "Run more replicas"],
  ["one with marks", `a: "${title}"\n`, "fix(web): more, {faster} [all] #1 & 'better'"],
  ["one that looks like a number", `a: ${title}\n`, "1.0"],
  ["in a block of text", `a: |\n  ${title}\nb: 1\n`, "x: y"],
  ["as a key", `${title}: 1\n`, "web"],
  [
    "several of a list",
    `a:\n${tag("#github.event.pull_request.labels")}\n  ${tag("name")}: true\n${tag("/github.event.pull_request.labels")}\n`,
    "web",
  ],
  ["nothing", `a: "${title}"\n`, ""],
])("one that stays within its value is filled in: %s", async (_, text, value) => {
  expect(await fillIn(text, value)).toContain(value);
});

test.each(["github.event.inputs.extra", "secrets.extra", "env.OTHER"])(
  "who may deploy may write YAML: %s",
  async (name) => {
    expect(await fillIn(`a: ${tag(name)}\n`, "{ b: 1 }")).toBe("a: { b: 1 }\n");
  },
);
