import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { send, serveWeb, type WebServer } from "../chart/remote/web-server.ts";
import { type Ended, type Place, placesIn } from "./chart-place.ts";

const index = "apiVersion: v1\nentries: {}\n";
const count = 20;

let root: string;
let place: Place;
const servers: WebServer[] = [];
const makePlace = placesIn(() => root);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "slipway-at-once-"));
  place = makePlace("place");
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  rmSync(root, { recursive: true, force: true });
});

/** Servers that answer nobody before all have been asked, so that all who ask go on at once. */
async function serveTogether(urls: number, body: string): Promise<string[]> {
  const waiting: ServerResponse[] = [];
  let asked = 0;
  for (let at = 0; at < urls; at++) {
    const server = await serveWeb((_request, response) => {
      waiting.push(response);
      asked += 1;
      // From then on nobody waits: one whose connection broke asks again.
      if (asked >= count) for (const one of waiting.splice(0)) send(one, 200, body);
    });
    servers.push(server);
  }
  return servers.map(({ url }) => url);
}

const each = <Made>(make: (at: number) => Made) => Array.from({ length: count }, (_, at) => make(at));
const failuresOf = (ended: Ended[]) => ended.filter(({ code }) => code !== 0).map(({ err }) => err);

describe(`of ${count} runs at once`, () => {
  test("each adds its repository to Helm's list", async () => {
    const [url = ""] = await serveTogether(1, index);
    const added = await Promise.all(each((at) => place.run("slipway", ["repo", "add", `repo-${at}`, url])));
    expect(failuresOf(added)).toEqual([]);
    const listed: { name: string }[] = JSON.parse(await place.tool("helm4", "repo", "list", "-o", "json"));
    expect(listed.map(({ name }) => name).sort()).toEqual(each((at) => `repo-${at}`).sort());
  });

  test("each keeps its login in Helm's registry file", async () => {
    const hosts = (await serveTogether(count, "{}")).map((url) => new URL(url).host);
    const words = ["--plain-http", "-u", "me", "--password-stdin"];
    const ended = await Promise.all(
      each((at) => place.run("slipway", ["registry", "login", hosts[at] ?? "", ...words], { stdin: "hidden" })),
    );
    expect(failuresOf(ended)).toEqual([]);
    const { auths } = JSON.parse(readFileSync(place.at(".config/helm/registry/config.json"), "utf8"));
    expect(Object.keys(auths).sort()).toEqual(hosts.sort());
  });
});

test.each(["helm3", "helm4"] as const)("%s and slipway lose nothing of each other's", async (helm) => {
  let releaseHelm = () => {};
  let tellThatHelmAsked = () => {};
  const helmAsked = new Promise<void>((resolve) => {
    tellThatHelmAsked = resolve;
  });
  const server = await serveWeb(({ headers }, response) => {
    if (!/helm/i.test(headers["user-agent"] ?? "")) return send(response, 200, index);
    releaseHelm = () => send(response, 200, index);
    tellThatHelmAsked();
  });
  servers.push(server);
  // Says when Slipway begins to wait for the lock that Helm holds while it downloads.
  place.write("bin/flock", `#!/bin/sh\n: > ${place.at("waits")}\nexec /usr/bin/flock "$@"\n`);
  chmodSync(place.at("bin/flock"), 0o755);
  const env = { PATH: `${place.at("bin")}:${process.env["PATH"]}` };

  const theirs = place.run(helm, ["repo", "add", "theirs", server.url]);
  await helmAsked;
  let isOver = false;
  const ours = place.run("slipway", ["repo", "add", "ours", server.url], { env }).finally(() => {
    isOver = true;
  });
  await until(() => isOver || existsSync(place.at("waits")));
  expect(isOver).toBe(false);
  releaseHelm();
  expect(failuresOf(await Promise.all([theirs, ours]))).toEqual([]);
  const listed: { name: string }[] = JSON.parse(await place.tool(helm, "repo", "list", "-o", "json"));
  expect(listed.map(({ name }) => name)).toEqual(["theirs", "ours"]);
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 10));
}
