import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/base/json-path.ts";
import { Description } from "./description.ts";
import { FakeGithub } from "./fake-github.ts";
import type { Route } from "./route.ts";

const description = new Description();
const comments = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
const params = { owner: "o", repo: "r", issue_number: "7" };

describe("a request that GitHub would refuse, or half pass over", () => {
  const rows: [name: string, at: Route["at"], sent: { query?: string; body?: JsonObject }, mistake: RegExp][] = [
    ["no body", `POST ${comments}`, {}, /the body is missing/],
    ["a field too few", `POST ${comments}`, { body: {} }, /missing property 'body'/],
    ["a misspelt field", `POST ${comments}`, { body: { body: "", bodi: "" } }, /'bodi' not allowed/],
    ["a field of another type", `POST ${comments}`, { body: { body: 7 } }, /got number, want string/],
    ["a misspelt parameter", `GET ${comments}`, { query: "perpage=100" }, /no parameter "perpage"/],
    ["a parameter of another type", `GET ${comments}`, { query: "page=last" }, /got string, want integer/],
    ["a body where none is taken", `GET ${comments}`, { body: {} }, /takes no body/],
  ];
  test.each(rows)("%s", async (_, at, { query = "", body }, mistake) => {
    const sent = { params, query: new URLSearchParams(query), ...(body && { body }) };
    expect((await description.requestMistakes(at, sent)).join("\n")).toMatch(mistake);
  });

  test("one that it takes is none", async () => {
    const sent = { params, query: new URLSearchParams(), body: { body: "text" } };
    expect(await description.requestMistakes(`POST ${comments}`, sent)).toEqual([]);
  });
});

test.each([
  ["a status that it never gives", { status: 418 }, /does not answer it with 418/],
  ["a list of half objects", { status: 200, body: [{ id: 1 }] }, /missing properties/],
  ["null where something has to be", { status: 200, body: null }, /got null, want array/],
])("an answer that is not GitHub's: %s", async (_, answer, mistake) => {
  expect((await description.answerMistakes(`GET ${comments}`, answer)).join("\n")).toMatch(mistake);
});

test("the fake GitHub refuses such a request, and tells at its end", async () => {
  const github = new FakeGithub();
  await github.start();
  const answer = await fetch(`${github.url}/repos/o/r/issues/7/comments`, { method: "POST", body: '{"text":"a"}' });
  expect(answer.status).toBe(422);
  await expect(github.close()).rejects.toThrow("missing property 'body'");
});

test("every route of the fake GitHub is described", async () => {
  const github = new FakeGithub();
  for (const { at } of github.routes) {
    const mistakes = await description.requestMistakes(at, { params: {}, query: new URLSearchParams() });
    expect(mistakes.join("\n")).toContain('"owner" is missing');
  }
});
