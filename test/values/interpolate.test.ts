import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { interpolate } from "../../src/values/interpolate.ts";
import { valueTransform } from "../../src/values/value-transform.ts";
import { deploymentPayload, workflowContext } from "../../src/values/workflow-context.ts";

const context = {
  github: { sha: "abc123", event: { tags: ["x", "y"] } },
  env: { REGION: "eu <1> & 'two'" },
  inputs: {
    debug: false,
    hosts: [
      { name: "a", port: 1 },
      { name: "b", port: 2 },
    ],
    empty: [],
  },
  vars: {},
  secrets: { TOKEN: "s3cret-value" },
  deployment: { payload: { version: 7, nothing: null } },
};

async function fill(text: string): Promise<{ text: string; secrets: string[] }> {
  const secrets: string[] = [];
  const onSecret = (secret: string) => void secrets.push(secret);
  return { text: await interpolate(text, { file: "prod.yaml", context, onSecret }), secrets };
}

const tag = (name: string) => `\${{${name}}}`;

test.each([
  ["plain {{ .Values.x }} $x", "plain {{ .Values.x }} $x"],
  [`a: ${tag(" github.sha ")}`, "a: abc123"],
  [`a: ${tag("env.REGION")}`, "a: eu <1> & 'two'"],
  [`a: ${tag("deployment.payload.version")}`, "a: 7"],
  [`a: ${tag("deployment.payload.nothing")}`, "a: "],
  [`a: ${tag("github.event.tags")}`, 'a: ["x","y"]'],
  [
    `${tag("#inputs.hosts")}- ${tag("name")}:${tag("port")}@${tag("github.sha")} ${tag("/inputs.hosts")}`,
    "- a:1@abc123 - b:2@abc123 ",
  ],
  [`${tag("#github.event.tags")}${tag(".")}${tag("/github.event.tags")}`, "xy"],
  [`${tag("#inputs.debug")}on${tag("/inputs.debug")}${tag("^inputs.debug")}off${tag("/inputs.debug")}`, "off"],
  [`${tag("^inputs.empty")}none${tag("/inputs.empty")}${tag("! a comment")}`, "none"],
])("%s becomes %s", async (text, expected) => {
  expect(await fill(text)).toEqual({ text: expected, secrets: [] });
});

test("a secret that is used is told", async () => {
  expect(await fill(`a: ${tag("secrets.TOKEN")}`)).toEqual({ text: "a: s3cret-value", secrets: ["s3cret-value"] });
  const section = `${tag("#secrets")}${tag("TOKEN")}${tag("/secrets")}`;
  expect(await fill(section)).toEqual({ text: "s3cret-value", secrets: ["s3cret-value"] });
});

test.each([
  [
    `a: 1\nb:\n  c: ${tag(" github.shaa ")}`,
    'there is no "github.shaa"',
    "prod.yaml:3:6",
    'Did you mean "github.sha"?',
  ],
  [tag("secret.X"), 'there is no "secret.X"', "prod.yaml:1:1", /secrets/],
  [tag("vars.X"), 'there is no "vars.X"', "prod.yaml:1:1", /toJSON\(vars\)/],
  [tag("github.constructor"), 'there is no "github.constructor"', "prod.yaml:1:1", /./],
  [tag("github.event.tags.map"), 'there is no "github.event.tags.map"', "prod.yaml:1:1", /./],
  [tag("__proto__"), 'there is no "__proto__"', "prod.yaml:1:1", /./],
  [tag("> other"), "can't include", "prod.yaml:1:1", undefined],
  [`x\n${tag("#inputs.debug")}`, "Unclosed section", /^prod.yaml:2/, undefined],
])("%s is refused", async (text, message, where, hint) => {
  const failure = await fill(text).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: "VALUES_INVALID",
    message: expect.stringContaining(message),
    where: typeof where === "string" ? where : expect.stringMatching(where),
    ...(hint !== undefined && { hint: typeof hint === "string" ? hint : expect.stringMatching(hint) }),
  });
});

test("only files that are named are filled in", async () => {
  const transform = valueTransform({
    context: () => context,
    interpolate: ["./a.yaml", "env/*.yaml"],
    onSecret: () => {},
  });
  const text = tag("github.sha");
  const files = ["a.yaml", "env/b.yaml", "c.mustache.yaml", "b.yaml", "env/deep/b.yaml"];
  const results = await Promise.all(files.map((file) => transform(text, file)));
  expect(results).toEqual(["abc123", "abc123", "abc123", text, text]);
});

test("the context has what the runner tells, without its own secrets", () => {
  const folder = mkdtempSync(join(tmpdir(), "event-"));
  try {
    const path = join(folder, "event.json");
    writeFileSync(path, JSON.stringify({ deployment: { environment: "prod", payload: '{"version":"2.0"}' } }));
    const env = {
      GITHUB_SHA: "abc",
      GITHUB_TOKEN: "t",
      GITHUB_EVENT_PATH: path,
      A: "1",
      INPUT_TOKEN: "x",
      ACTIONS_X: "y",
    };
    expect(workflowContext(env, { secrets: { S: "1" } })).toMatchObject({
      github: { sha: "abc", event: { deployment: { environment: "prod" } } },
      env: { A: "1", GITHUB_SHA: "abc" },
      secrets: { S: "1" },
      deployment: { environment: "prod", payload: { version: "2.0" } },
    });
    const text = JSON.stringify(workflowContext(env, {}));
    expect(text).not.toMatch(/"(token|GITHUB_TOKEN|INPUT_TOKEN|ACTIONS_X)"/);
    expect(deploymentPayload({ GITHUB_EVENT_PATH: join(folder, "none") })).toEqual({});
  } finally {
    rmSync(folder, { recursive: true });
  }
});
