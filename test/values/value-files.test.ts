import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { collectValues } from "../../src/values/collect-values.ts";
import { expandPattern } from "../../src/values/value-files.ts";

const root = mkdtempSync(join(tmpdir(), "values-files-"));
let server: Server;
let asked = 0;
beforeAll(async () => {
  mkdirSync(join(root, "env", "deep"), { recursive: true });
  for (const name of ["b.yaml", "a.yaml", ".hidden.yaml", "env/prod.yaml", "env/deep/prod.yaml", "odd[1].yaml"]) {
    writeFileSync(join(root, name), `last: ${name}\n`);
  }
  server = createServer((request, response) => {
    asked += 1;
    // The first answer of all tells to come again at once.
    if (asked === 1) response.writeHead(503, { "retry-after": "0" }).end();
    else if (request.url === "/none.yaml") response.writeHead(404).end();
    else response.end("from: {server: 1}\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
  rmSync(root, { recursive: true, force: true });
});

const address = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`;

test.each([
  ["*.yaml", ["a.yaml", "b.yaml", "odd[1].yaml"]],
  ["[ab].yaml", ["a.yaml", "b.yaml"]],
  ["odd[1].yaml", ["odd[1].yaml"]],
  ["**/prod.yaml", ["env/deep/prod.yaml", "env/prod.yaml"]],
  ["env/*/prod.yaml", ["env/deep/prod.yaml"]],
  ["none.yaml", ["none.yaml"]],
])("%s names %j", (pattern, expected) => {
  expect(expandPattern(join(root, pattern))).toEqual(expected.map((name) => join(root, name)));
});

test("a pattern that names nothing is an error", () => {
  expect(() => expandPattern(join(root, "*.json"))).toThrow(/No values file matches/);
});

test("files that a pattern names are merged by name", async () => {
  const values = await collectValues({ files: [join(root, "[ab].yaml")] });
  expect(values).toEqual(new Map([["last", "b.yaml"]]));
});

test("an address is fetched, again where the server says so", async () => {
  const values = await collectValues({
    files: [address("values.yaml")],
    setFile: [`text=${address("text")}`],
    env: {},
  });
  expect(values).toEqual(
    new Map<string, unknown>([
      ["from", new Map([["server", 1]])],
      ["text", "from: {server: 1}\n"],
    ]),
  );
  await expect(collectValues({ files: [address("none.yaml")], env: {} })).rejects.toMatchObject({
    code: "VALUES_NOT_FOUND",
    message: expect.stringContaining("404"),
  });
});
