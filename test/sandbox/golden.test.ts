import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { clientOf } from "./client.ts";
import answers from "./golden/answers.json" with { type: "json" };
import { normalizeAnswer } from "./golden/normalize.ts";
import requests from "./golden/requests.json" with { type: "json" };

type Answer = { code: number; warnings: string[]; body: unknown };
type Request = { name: string; method: string; path: string; type?: string; body?: unknown; text?: string };

// What a real control plane answered, recorded by scripts/sandbox-golden.ts; one request builds on another.
describe("answers as the API server does", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.close());

  const golden = answers as Record<string, Answer>;
  it.each(requests as Request[])("$name", async ({ name, method, path, type = "application/json", body, text }) => {
    const client = clientOf(sandbox);
    const answer = await client.send(method, path, text ?? body, { "Content-Type": type, "User-Agent": "golden" });
    const warning = answer.headers.get("warning");
    const seen = { code: answer.code, warnings: warning === null ? [] : [warning], body: normalizeAnswer(answer.body) };
    expect(seen).toEqual(golden[name]);
    if (name === "setup: custom kind") {
      const definition = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.golden.example";
      await client.until(definition, (object) => JSON.stringify(object["status"] ?? {}).includes("Established"));
    }
  });
});
