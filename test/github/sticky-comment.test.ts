import { afterEach, beforeEach, expect, test } from "vitest";
import type { Clock } from "../../src/base/clock.ts";
import { githubClient } from "../../src/github/client.ts";
import { stickComment } from "../../src/github/sticky-comment.ts";
import { FakeGithub } from "./fake-github.ts";
import { forbidden, primaryLimit, secondaryLimit, serverError, webPage } from "./faults.ts";

const place = { repository: "o/r", number: 7, marker: "<!-- slipway-plan 1 -->" };
const token = "a-token-of-the-run";
let github: FakeGithub;
let waited: number[];
const clock: Clock = { now: () => 0, delay: async (ms) => void waited.push(ms) };

beforeEach(async () => {
  waited = [];
  github = new FakeGithub();
  await github.start();
});
afterEach(() => github.close());

const stick = (text: string) => stickComment(githubClient({ url: github.url, token }, { env: {}, clock }), place, text);
const bodies = () => github.comments.map(({ body }) => body);
const ours = (text: string) => `${place.marker}\n${text}`;

test("writes one comment, and the same one anew", async () => {
  github.addComment("somebody's", { user: { login: "somebody", type: "User" } });
  expect(await stick("one")).toMatch(/#issuecomment-101$/);
  expect(await stick("two")).toMatch(/#issuecomment-101$/);
  expect(bodies()).toEqual(["somebody's", ours("two")]);
  expect(new Set(github.asked.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${token}`]));
});

test("finds it behind many others", async () => {
  for (let count = 0; count < 9; count++) github.addComment(`other ${count}`);
  github.addComment(ours("one"));
  await stick("two");
  expect(github.comments).toHaveLength(10);
  expect(bodies().at(-1)).toBe(ours("two"));
});

test("leaves one alone that a stranger wrote with our marker", async () => {
  github.addComment(ours("forged"), { user: { login: "stranger", type: "User" }, author_association: "CONTRIBUTOR" });
  await stick("one");
  expect(bodies()).toEqual([ours("forged"), ours("one")]);
});

test("takes up one that a maintainer's own token wrote", async () => {
  github.addComment(ours("old"), { user: { login: "maintainer", type: "User" }, author_association: "MEMBER" });
  await stick("new");
  expect(bodies()).toEqual([ours("new")]);
});

test("two runs at once leave one", async () => {
  let isFirst = true;
  github.fault = ({ method }) => {
    // The other run is quicker by a moment: both had found none.
    if (method === "POST" && isFirst) {
      isFirst = false;
      github.addComment(ours("the other's"));
    }
    return undefined;
  };
  await stick("ours");
  expect(bodies()).toEqual([ours("ours")]);
});

test("a comment whose answer was lost is not written twice", async () => {
  github.fault = ({ method }) => (method === "POST" ? "drop-answer" : undefined);
  await stick("one");
  expect(bodies()).toEqual([ours("one")]);
});

test.each([
  ["a limit of requests at once, for as long as GitHub asks", secondaryLimit(7), 7000],
  ["one that is answered by 429", secondaryLimit(2, 429), 2000],
  ["429 that does not say for how long", { status: 429, body: {} }, 250],
  ["the hour's limit, until its end", primaryLimit(30), 30_000],
  ["the hour's limit that has just ended", primaryLimit(0), 1000],
  ["502", serverError(502), 250],
  ["a proxy's page", webPage, 250],
])("waits after %s", async (_, fault, ms) => {
  let isFirst = true;
  github.fault = () => {
    if (!isFirst) return undefined;
    isFirst = false;
    return fault;
  };
  await stick("one");
  expect(bodies()).toEqual([ours("one")]);
  expect(waited).toEqual([ms]);
});

test.each([
  ["a refusal", forbidden, "403: Resource not accessible by integration"],
  ["a limit that lasts too long", secondaryLimit(3600), "403: You have exceeded a secondary rate limit"],
  ["the hour's limit where it lasts too long", primaryLimit(3600), "403: API rate limit exceeded"],
  ["what is no JSON", { status: 418, body: undefined }, "with 418"],
])("gives up at %s", async (_, fault, message) => {
  github.fault = () => fault;
  await expect(stick("one")).rejects.toMatchObject({
    code: "GITHUB_REQUEST_FAILED",
    message: expect.stringContaining(message),
  });
  expect(waited).toEqual([]);
});

test("a redirect elsewhere does not get the token", async () => {
  const elsewhere = new FakeGithub();
  await elsewhere.start();
  github.fault = ({ method, path }) =>
    method === "GET" ? { status: 302, headers: { location: `${elsewhere.url}${path}` } } : undefined;
  await stick("one");
  expect(elsewhere.asked.map(({ authorization }) => authorization)).toEqual(["", ""]);
  await elsewhere.close();
});

test("a page that leads elsewhere is not followed", async () => {
  const elsewhere = new FakeGithub();
  await elsewhere.start();
  github.fault = ({ method }) =>
    method === "GET" ? { status: 200, body: [], headers: { link: `<${elsewhere.url}/steal>; rel="next"` } } : undefined;
  await stick("one");
  expect(elsewhere.asked).toEqual([]);
  await elsewhere.close();
});
