import { expect, test } from "vitest";
import { parse } from "yaml";
import { interpolate } from "../../src/values/interpolate.ts";
import { pullRequestContext, pullRequestIn } from "../../src/values/pull-request-context.ts";

const sha = "0123456789abcdef0123456789abcdef01234567";

test("a pull request as an event tells it", () => {
  const event = {
    pull_request: {
      number: 7,
      title: "Add a basket",
      html_url: "https://github.com/o/r/pull/7",
      user: { login: "octocat" },
      head: { sha, ref: "feature/Basket_2" },
      base: { ref: "main" },
    },
  };
  const facts = pullRequestIn(event);
  expect(facts && pullRequestContext(facts)).toEqual({
    number: 7,
    sha,
    short_sha: "0123456789ab",
    branch: "feature/Basket_2",
    slug: "feature-basket-2",
    base: "main",
    author: "octocat",
    title: "Add a basket",
    url: "https://github.com/o/r/pull/7",
  });
});

test.each([undefined, {}, { pull_request: {} }, { pull_request: { number: "7" } }, { pull_request: { number: 1.5 } }])(
  "%j tells of none",
  (event) => expect(pullRequestIn(event)).toBeUndefined(),
);

const texts: [text: string, harmless: string][] = [
  ["Fix: don't crash [ABC-1]", "Fix don t crash ABC-1"],
  ["Größe (2/3) = ok+1", "Größe (2/3) = ok+1"],
  ["a\nimage: evil\r\n", "a image evil"],
  ['"}, {"x": 1', "x 1"],
  [`{{ .Values.secret }} \${{ secrets.TOKEN }}`, "Values.secret secrets.TOKEN"],
  ["- item", "item"],
  ["--- # comment", "comment"],
  ["&anchor *alias !!tag |block >folded", "anchor alias tag block folded"],
  ["`$(rm -rf /)`", "rm -rf /)"],
  ["<script>alert(1)</script>", "script alert(1) /script"],
  ["\u202ecod\u0000e\u001b[31m", "cod e 31m"],
  ["...", ""],
  ["x".repeat(5000), "x".repeat(200)],
];
test.each(texts)("the title %j can do nothing", (title, harmless) => {
  expect(pullRequestContext({ number: 1, title, branch: title, author: title })).toMatchObject({
    title: harmless,
    branch: harmless,
    author: harmless,
  });
});

test.each(texts)("the title %j stays one text wherever it stands", async (title) => {
  const pr = pullRequestContext({ number: 1, title });
  const tag = `\${{ pr.title }}`;
  const file = `plain: x${tag}\nquoted: "${tag}"\nsingle: '${tag}'\nflow: {a: [x${tag}], b: c}\n`;
  const text = await interpolate(file, { file: "values.yaml", context: { pr }, onSecret: () => {} });
  expect(parse(text)).toEqual({
    plain: `x${pr.title}`,
    quoted: pr.title,
    single: pr.title,
    flow: { a: [`x${pr.title}`], b: "c" },
  });
});

test.each([
  ["sha", { sha: "main; rm" }, ""],
  ["url", { url: "javascript:alert(1)" }, ""],
  ["url", { url: 'https://github.com/o/r/pull/7"' }, ""],
  ["slug", { branch: "-Ünïcode//x" }, "n-code-x"],
  ["slug", { branch: `${"a".repeat(39)}-b` }, "a".repeat(39)],
])("%s of %j", (name, facts, expected) => {
  expect(pullRequestContext({ number: 1, ...facts })).toMatchObject({ [name]: expected });
});

test("where there is no pull request, that is said", async () => {
  const asked = interpolate(`a: \${{ pr.number }}`, { file: "v.yaml", context: { github: {} }, onSecret: () => {} });
  await expect(asked).rejects.toMatchObject({ hint: "Only a run for a pull request has names that begin with pr." });
});
