import { describe, expect, it } from "vitest";
import { type JsonObject, valueAt } from "../../src/base/json-path.ts";
import { type Client, core, eventsOf, openSandbox } from "./client.ts";

const maps = `${core}/configmaps`;

async function open(client: Client, query: string): Promise<AsyncGenerator<JsonObject>> {
  const headers = { Authorization: `Bearer ${client.sandbox.token}` };
  const response = await fetch(`${client.sandbox.url}${maps}?watch=true&${query}`, { headers });
  expect(response.status).toBe(200);
  return eventsOf(response);
}

async function take(events: AsyncGenerator<JsonObject>, count: number): Promise<string[]> {
  const seen: string[] = [];
  while (seen.length < count) {
    const { value, done } = await events.next();
    if (done === true) break;
    seen.push(`${value["type"]} ${valueAt(value, "object", "metadata", "name") ?? ""}`.trim());
  }
  return seen;
}

async function versionOf(client: Client): Promise<string> {
  return String(valueAt(await client.get(maps), "metadata", "resourceVersion"));
}

describe("watching", () => {
  it("tells what happened after a version, and what happens then", async () => {
    const client = await openSandbox();
    const version = await versionOf(client);
    await client.create(maps, { metadata: { name: "a" } });
    await client.patch(`${maps}/a`, { data: { x: "1" } });
    const events = await open(client, `resourceVersion=${version}&fieldSelector=metadata.name%3Da`);
    expect(await take(events, 2)).toEqual(["ADDED a", "MODIFIED a"]);
    await client.send("DELETE", `${maps}/a`);
    expect(await take(events, 1)).toEqual(["DELETED a"]);
  });

  it("tells of objects that come into, and go out of, the selection", async () => {
    const client = await openSandbox();
    const events = await open(client, `resourceVersion=${await versionOf(client)}&labelSelector=on`);
    await client.create(maps, { metadata: { name: "a" } });
    await client.patch(`${maps}/a`, { metadata: { labels: { on: "1" } } });
    await client.patch(`${maps}/a`, { data: { x: "1" } });
    await client.patch(`${maps}/a`, { metadata: { labels: { on: null } } });
    await client.patch(`${maps}/a`, { data: { x: "2" } });
    await client.create(maps, { metadata: { name: "b", labels: { on: "1" } } });
    expect(await take(events, 4)).toEqual(["ADDED a", "MODIFIED a", "DELETED a", "ADDED b"]);
  });

  it("begins with what there is, and marks where that ends", async () => {
    const client = await openSandbox();
    await client.create(maps, { metadata: { name: "a", labels: { on: "1" } } });
    const query = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&labelSelector=on";
    const events = await open(client, query);
    expect((await events.next()).value).toMatchObject({ type: "ADDED" });
    const { value } = await events.next();
    expect(value).toMatchObject({
      type: "BOOKMARK",
      object: { metadata: { annotations: { "k8s.io/initial-events-end": "true" } } },
    });
  });

  it("says that a version is too old", async () => {
    const client = await openSandbox({ logSize: 4 });
    const version = await versionOf(client);
    for (const name of ["a", "b", "c", "d", "e"]) await client.create(maps, { metadata: { name } });
    const { value } = await (await open(client, `resourceVersion=${version}`)).next();
    expect(value).toMatchObject({ type: "ERROR", object: { code: 410, reason: "Expired" } });
  });

  it("ends after the time that the client states", async () => {
    const client = await openSandbox();
    const events = await open(client, `resourceVersion=${await versionOf(client)}&timeoutSeconds=1`);
    expect(await take(events, 1)).toEqual([]);
  });
});
