import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { oidcTokenSource } from "../../src/github/oidc-token.ts";
import { fakeClock } from "../base/fake-clock.ts";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

type Seen = { url: string; authorization: string | undefined };

/** GitHub's side: answers in turn, the last one for ever. */
async function issuer(...answers: [status: number, body: unknown][]) {
  const seen: Seen[] = [];
  const server = createServer(({ url = "", headers }: IncomingMessage, response: ServerResponse) => {
    seen.push({ url, authorization: headers.authorization });
    const [status, body] = (answers.length > 1 ? answers.shift() : answers[0]) ?? [500, ""];
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const env = {
    GITHUB_ACTIONS: "true",
    ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
  };
  return { seen, env };
}

function ask(env: Record<string, string>, audience = "cluster") {
  const secrets: string[] = [];
  const get = oidcTokenSource({
    audience,
    env,
    network: { clock: fakeClock() },
    keepSecret: (secret) => secrets.push(secret),
  });
  return { get, secrets };
}

test("asks for the audience, and keeps what it is given secret", async () => {
  const { env, seen } = await issuer([200, { value: "a.b.c" }]);
  const { get, secrets } = ask(env, "https://k8s.example.com/?a=b&c");
  expect(await get()).toBe("a.b.c");
  expect(secrets).toEqual(["a.b.c"]);
  expect(seen).toEqual([
    {
      url: "/token?api-version=2.0&audience=https%3A%2F%2Fk8s.example.com%2F%3Fa%3Db%26c",
      authorization: "Bearer request-token",
    },
  ]);
});

test("tries again what passes by itself", async () => {
  const { env, seen } = await issuer([503, {}], [200, { value: "a.b.c" }]);
  expect(await ask(env).get()).toBe("a.b.c");
  expect(seen).toHaveLength(2);
});

test.each<[string, number, unknown, string]>([
  ["a refusal", 403, { message: "no" }, "GitHub gives no OIDC token: it answers 403: no"],
  ["an answer without a token", 200, {}, "GitHub gives no OIDC token: it answers 200 without one"],
])("%s is told", async (_name, status, body, message) => {
  const { env } = await issuer([status, body]);
  await expect(ask(env).get()).rejects.toMatchObject({ code: "GITHUB_REQUEST_FAILED", message });
});

test.each<[string, Record<string, string>, object]>([
  [
    "a job without the permission",
    { GITHUB_ACTIONS: "true" },
    {
      code: "INPUT_INVALID",
      message: 'The job lacks the permission "id-token: write"',
      hint: expect.stringContaining("permissions: { contents: read, id-token: write }"),
    },
  ],
  [
    "somewhere else",
    {},
    { code: "INPUT_INVALID", message: "There is no OIDC token to be had: this is not a job of GitHub Actions" },
  ],
])("%s is told before anything is asked", (_name, env, error) => {
  expect(() => ask(env)).toThrow(expect.objectContaining(error));
});
