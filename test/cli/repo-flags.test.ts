import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { send, serveWeb } from "../chart/remote/web-server.ts";
import { commandLine } from "./command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "repo-flags-"));
const index = "apiVersion: v1\nentries:\n  shop:\n  - {name: shop, version: 1.0.0, urls: [shop-1.0.0.tgz]}\n";
const server = await serveWeb(({ path }, response) => {
  if (path.startsWith("/slow/")) response.writeHead(200, { "content-length": 1000 }).write("apiVersion: v1\n");
  else send(response, 200, index);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const place = (name: string) => [
  "--repository-config",
  join(folder, name, "repositories.yaml"),
  "--repository-cache",
  join(folder, name, "cache"),
];
const repo = (...words: string[]) => commandLine(["repo", ...words], { HOME: join(folder, "home") });

test("repositories are kept where the flags say", async () => {
  const words = ["--allow-deprecated-repos", "--no-update", ...place("own")];
  expect(await repo("add", "one", server.url, ...words)).toMatchObject({ code: 0 });
  expect(readFileSync(join(folder, "own/repositories.yaml"), "utf8")).toContain(server.url);
  expect(readFileSync(join(folder, "own/cache/one-index.yaml"), "utf8")).toBe(index);
  expect((await commandLine(["search", "repo", "shop", ...place("own")])).out).toContain("one/shop");
  expect((await repo("list")).err).toContain("no repositories to show");
  expect(await repo("update", "--fail-on-repo-update-fail", ...place("own"))).toMatchObject({ code: 0 });
});

test("a list without heads", async () => {
  await repo("add", "one", server.url, ...place("heads"));
  expect((await repo("list", ...place("heads"))).out).toBe(`NAME  URL\none   ${server.url}\n`);
  expect((await repo("list", "--no-headers", ...place("heads"))).out).toBe(`one  ${server.url}\n`);
});

test("an index that does not come in time is told", async () => {
  const { code, err } = await repo("add", "slow", `${server.url}/slow/`, "--timeout", "200ms", ...place("slow"));
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("did not come within 0.2 s") });
  expect(err).toContain("--timeout");
});
