import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createKubeClient } from "../../src/kube/client.ts";
import type { KubeClient, WatchEvent } from "../../src/kube/types.ts";
import { fakeClock } from "../base/fake-clock.ts";
import { type Answer, configMap, reset, startApiServer, status, type TestServer } from "./api-server.ts";

const route = "GET /api/v1/namespaces/shop/configmaps";
let server: TestServer;
let client: KubeClient;
let abort: AbortController;
beforeEach(async () => {
  server = await startApiServer();
  abort = new AbortController();
  client = clientWith({});
});
afterEach(async () => {
  abort.abort();
  client.close();
  await server.close();
});

function clientWith(watch: { silenceMs?: number }): KubeClient {
  return createKubeClient(server.connection(), { clock: fakeClock(), watch: { clock: fakeClock(), ...watch } });
}

const line = (type: string, name: string, version: string) =>
  `${JSON.stringify({ type, object: configMap(name, version) })}\n`;

/** Writes the lines, then ends the answer, or leaves it open. */
function lines(texts: string[], { open = false }: { open?: boolean } = {}): Answer {
  return (_received, response: ServerResponse) => {
    response.writeHead(200);
    for (const text of texts) response.write(text);
    if (!open) response.end();
    return undefined;
  };
}

async function take(count: number, resourceVersion = "10"): Promise<string[]> {
  const events: string[] = [];
  const watch = client.watch(
    "v1",
    "ConfigMap",
    { namespace: "shop", labels: { a: "b" }, resourceVersion },
    abort.signal,
  );
  for await (const event of watch) {
    events.push(describe(event));
    if (events.length === count) break;
  }
  return events;
}

const describe = ({ type, object }: WatchEvent) => `${type} ${object.metadata.name} ${object.metadata.resourceVersion}`;
const watches = () => server.received.filter(({ query }) => query.get("watch"));
const versions = () => watches().map(({ query }) => query.get("resourceVersion"));

test("watches that end again and again without a word are given up, so that a list is asked for", async () => {
  server.on(route, lines([line("ADDED", "one", "11")]), lines([]));
  await expect(take(2)).rejects.toMatchObject({ code: "KUBE_GONE" });
  expect(versions()).toEqual(["10", "11", "11", "11"]);
});

test("asks for bookmarks, from the version on, with the selection", async () => {
  server.on(route, lines([line("ADDED", "one", "11")]));
  expect(await take(1)).toEqual(["ADDED one 11"]);
  expect(Object.fromEntries(watches()[0]?.query ?? [])).toEqual({
    watch: "1",
    allowWatchBookmarks: "true",
    resourceVersion: "10",
    labelSelector: "a=b",
    timeoutSeconds: "290",
  });
});

test("goes on after each end where it was, also at bookmarks", async () => {
  server.on(
    route,
    lines([line("ADDED", "one", "11")]),
    lines([line("BOOKMARK", "", "20")]),
    reset,
    lines([line("DELETED", "one", "21")]),
  );
  expect(await take(3)).toEqual(["ADDED one 11", "BOOKMARK  20", "DELETED one 21"]);
  expect(versions()).toEqual(["10", "11", "20", "20"]);
});

test("puts lines together that come in pieces", async () => {
  const text = line("ADDED", "größe", "11") + line("MODIFIED", "größe", "12");
  const bytes = Buffer.from(text);
  server.on(route, (_received, response) => {
    response.writeHead(200);
    for (let at = 0; at < bytes.length; at += 7) response.write(bytes.subarray(at, at + 7));
    response.end();
  });
  expect(await take(2)).toEqual(["ADDED größe 11", "MODIFIED größe 12"]);
});

test("a line that breaks off is asked for again", async () => {
  server.on(route, lines([line("ADDED", "one", "11"), '{"type":"ADD']), lines([line("ADDED", "two", "12")]));
  expect(await take(2)).toEqual(["ADDED one 11", "ADDED two 12"]);
  expect(versions()).toEqual(["10", "11"]);
});

test.each([
  [
    "as an event",
    lines([`${JSON.stringify({ type: "ERROR", object: { kind: "Status", code: 410, message: "too old" } })}\n`]),
  ],
  ["as an answer", status(410, "too old")],
])("a version that is gone is told: %s", async (_name, answer) => {
  server.on(route, answer);
  await expect(take(1)).rejects.toMatchObject({
    code: "KUBE_GONE",
    message: 'Cannot watch configmaps in namespace "shop": too old',
  });
});

test("another error in the stream passes", async () => {
  const error = JSON.stringify({ type: "ERROR", object: { kind: "Status", code: 500, message: "etcd" } });
  server.on(route, lines([`${error}\n`]), lines([line("ADDED", "one", "11")]));
  expect(await take(1)).toEqual(["ADDED one 11"]);
});

test("what the user may not watch is told", async () => {
  server.on(route, status(403, "no"));
  await expect(take(1)).rejects.toMatchObject({ code: "KUBE_FORBIDDEN" });
});

test("a server that is away for long is waited for", async () => {
  server.on(route, ...Array.from({ length: 40 }, () => reset), lines([line("ADDED", "one", "11")]));
  expect(await take(1)).toEqual(["ADDED one 11"]);
});

test("a connection that goes silent is given up", async () => {
  client.close();
  client = clientWith({ silenceMs: 60 });
  server.on(route, lines([line("ADDED", "one", "11")], { open: true }), lines([line("ADDED", "two", "12")]));
  expect(await take(2)).toEqual(["ADDED one 11", "ADDED two 12"]);
});

test("ends when its signal aborts, and closes its connection", async () => {
  let isClosed = false;
  server.on(route, (received, response) => {
    response.on("close", () => {
      isClosed = true;
    });
    return lines([line("ADDED", "one", "11")], { open: true })(received, response);
  });
  const events: string[] = [];
  for await (const event of client.watch(
    "v1",
    "ConfigMap",
    { namespace: "shop", resourceVersion: "10" },
    abort.signal,
  )) {
    events.push(describe(event));
    abort.abort();
  }
  expect(events).toEqual(["ADDED one 11"]);
  await expect.poll(() => isClosed).toBe(true);
});

test("closes its connection when nobody listens any more", async () => {
  let isClosed = false;
  server.on(route, (received, response) => {
    response.on("close", () => {
      isClosed = true;
    });
    return lines([line("ADDED", "one", "11")], { open: true })(received, response);
  });
  await take(1);
  await expect.poll(() => isClosed).toBe(true);
});
