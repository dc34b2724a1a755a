import { afterEach, beforeEach, expect, test } from "vitest";
import type { Clock } from "../../src/base/clock.ts";
import { githubClient } from "../../src/github/client.ts";
import { issueKeeper } from "../../src/github/issue.ts";
import { FakeGithub } from "./fake-github.ts";
import { forbidden } from "./faults.ts";

const marker = "<!-- slipway-drift 1 -->";
let github: FakeGithub;
const clock: Clock = { now: () => 0, delay: async () => {} };

beforeEach(async () => {
  github = new FakeGithub();
  await github.start();
});
afterEach(() => github.close());

// A run of its own each time: nothing is known from before.
const keeper = () => issueKeeper(githubClient({ url: github.url, token: "t" }, { env: {}, clock }), "o/r", "drift");
const issue = (text: string, title = "Drift of shop") => ({ marker, title, text });
const keep = async (text: string) => (await keeper().keep(issue(text))).done;
const close = async (text: string) => (await keeper().close(issue(text)))?.done;
const states = () => github.issues.map(({ state, body }) => [state, body]);
const ours = (text: string) => `${marker}\n${text}`;

test("opens one issue, writes it anew, closes it, and opens the same one again", async () => {
  github.addIssue({ title: "somebody's" });
  expect(await keep("one")).toBe("opened");
  expect(await keep("one")).toBe("unchanged");
  expect(await keep("two of https://github.example/o/r/actions/runs/1")).toBe("updated");
  expect(await keep("two of https://github.example/o/r/actions/runs/2")).toBe("unchanged");
  expect(await close("gone")).toBe("closed");
  expect(await close("gone")).toBeUndefined();
  expect(await keep("three")).toBe("reopened");
  expect(states()).toEqual([
    ["open", ""],
    ["open", ours("three")],
  ]);
});

test("asks for the issues of all releases once", async () => {
  const one = keeper();
  for (const number of [1, 2, 3]) await one.close({ ...issue("gone"), marker: `<!-- slipway-drift ${number} -->` });
  expect(github.asked.map(({ method, query }) => `${method} ${query}`).sort()).toEqual([
    "GET ?state=all&labels=drift&per_page=100",
    "GET ?state=open&per_page=100",
  ]);
});

test("finds it without its label, and behind many others", async () => {
  github.addIssue({ body: ours("one") });
  for (let count = 0; count < 9; count++) github.addIssue({ body: `other ${count}` });
  expect(await keep("two")).toBe("updated");
  expect(github.issues).toHaveLength(10);
});

test("leaves one alone that a stranger wrote with our marker, and pull requests", async () => {
  github.addIssue({ body: ours("forged"), user: { login: "stranger", type: "User" }, author_association: "NONE" });
  expect(await keep("one")).toBe("opened");
  expect(await close("gone")).toBe("closed");
  expect(states()).toEqual([
    ["open", ours("forged")],
    ["closed", ours("gone")],
  ]);
});

test("two runs at once leave one open", async () => {
  let isFirst = true;
  github.fault = ({ method }) => {
    // The other run is quicker by a moment: both had found none.
    if (method === "POST" && isFirst) {
      isFirst = false;
      github.addIssue({ body: ours("the other's"), labels: ["drift"] });
    }
    return undefined;
  };
  expect(await keep("one")).toBe("opened");
  expect(states()).toEqual([
    ["open", ours("one")],
    ["closed", ours("one")],
  ]);
});

test("an answer that is lost leaves one", async () => {
  github.fault = ({ method }) => (method === "POST" ? "drop-answer" : undefined);
  expect(await keep("one")).toBe("opened");
  expect(await keep("one")).toBe("unchanged");
  expect(states()).toEqual([["open", ours("one")]]);
});

test("says why it can't", async () => {
  github.fault = ({ method }) => (method === "POST" ? forbidden : undefined);
  await expect(keep("one")).rejects.toMatchObject({ code: "GITHUB_REQUEST_FAILED" });
  expect(github.issues).toEqual([]);
});
