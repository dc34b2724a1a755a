import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { commandLine } from "../../cli/command-line.ts";
import { packed } from "../packed.ts";
import { type FakeRegistry, serveRegistry } from "../registry/fake-registry.ts";
import { send, serveWeb, type WebServer } from "../remote/web-server.ts";

let home: string;
let registry: FakeRegistry;
let repository: WebServer;
const web = packed("web", "1.2.0");

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "slipway-offline-"));
  const digest = createHash("sha256").update(web).digest("hex");
  const index = `apiVersion: v1\nentries:\n  web:\n  - {apiVersion: v2, name: web, version: 1.2.0, digest: "${digest}", urls: [web-1.2.0.tgz]}\n`;
  registry = await serveRegistry();
  registry.put("charts/cache", "3.0.0+build.1", packed("cache", "3.0.0+build.1"));
  repository = await serveWeb(({ path }, response) => send(response, 200, path.endsWith(".tgz") ? web : index));
});
afterEach(async () => {
  await Promise.all([registry.close(), repository.close()]);
  rmSync(home, { recursive: true, force: true });
});

function writeApp(version: string, place: string): string {
  const chart = join(home, "app");
  mkdirSync(chart, { recursive: true });
  const dependencies = [
    `- {name: web, version: ${version}, repository: "${place}"}`,
    `- {name: cache, version: 3.0.0+build.1, repository: "oci://${registry.host}/charts"}`,
  ];
  const metadata = `apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n${dependencies.join("\n")}\n`;
  writeFileSync(join(chart, "Chart.yaml"), metadata);
  return chart;
}

/** As on a fresh checkout: nothing lies in charts/. */
async function render(chart: string) {
  rmSync(join(chart, "charts"), { recursive: true, force: true });
  const words = ["template", "x", chart, "--dependency-update", "--plain-http"];
  return await commandLine(words, { HOME: home });
}

const asked = () => registry.seen.length + repository.seen.length;

test.each(["an address", "a known repository"])(
  "dependencies at exact versions, of %s, need no network",
  async (kind) => {
    if (kind !== "an address") {
      const added = await commandLine(["repo", "add", "known", repository.url], { HOME: home });
      expect(added).toMatchObject({ code: 0 });
    }
    const chart = writeApp("1.2.0", kind === "an address" ? repository.url : "@known");
    const first = await render(chart);
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining("version: 1.2.0") });
    expect(readdirSync(join(chart, "charts")).sort()).toEqual(["cache-3.0.0+build.1.tgz", "web-1.2.0.tgz"]);
    const before = asked();
    expect(await render(chart)).toEqual(first);
    expect(asked()).toBe(before);
    await Promise.all([registry.close(), repository.close()]);
    expect(await render(chart)).toEqual(first);
    rmSync(join(chart, "charts"), { recursive: true });
    const built = await commandLine(["dependency", "build", chart, "--plain-http"], { HOME: home });
    expect(built).toMatchObject({ code: 0 });
  },
);

test("a range asks every time", async () => {
  const chart = writeApp("^1.0.0", repository.url);
  expect(await render(chart)).toMatchObject({ code: 0 });
  const before = repository.seen.length;
  expect(await render(chart)).toMatchObject({ code: 0 });
  expect(repository.seen.length).toBe(before + 1);
});
