import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { placesIn, writeChart } from "./chart-place.ts";
import { freePort } from "./free-port.ts";
import { type RealRegistry, startRegistry } from "./real-registry.ts";

type Passing = { asked: IncomingMessage; answer: IncomingMessage; response: ServerResponse };

let root: string;
let registry: RealRegistry;
/** Stands before the registry and passes everything on; `spoil` may do something else with an answer. */
let front: Server;
let host: string;
let spoil: (passing: Passing) => boolean = () => false;
const makePlace = placesIn(() => root);

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "slipway-trouble-"));
  registry = await startRegistry({ port: await freePort() });
  front = createServer((asked, response) => {
    const { method, url, headers } = asked;
    const passed = request(`http://${registry.host}${url}`, { method, headers }, (answer) => {
      if (spoil({ asked, answer, response })) return;
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  host = `127.0.0.1:${(front.address() as AddressInfo).port}`;
});
afterAll(async () => {
  front?.closeAllConnections();
  front?.close();
  await registry?.stop();
  rmSync(root, { recursive: true, force: true });
});

async function packed() {
  const place = makePlace("trouble");
  writeChart(place, "shop", "1.0.0");
  await place.tool("slipway", "package", "shop");
  return place;
}

test("a download that is cut goes on where it was", async () => {
  const place = await packed();
  await place.tool("slipway", "push", "shop-1.0.0.tgz", `oci://${host}/cut`, "--plain-http");
  rmSync(place.at(".cache"), { recursive: true });
  const ranges: (string | undefined)[] = [];
  spoil = ({ asked, answer, response }) => {
    if (asked.method !== "GET" || !asked.url?.includes("/blobs/")) return false;
    ranges.push(asked.headers.range);
    if (ranges.length > 1) return false;
    response.writeHead(answer.statusCode ?? 0, answer.headers);
    answer.once("data", (chunk: Buffer) => response.write(chunk.subarray(0, 100), () => response.destroy()));
    return true;
  };
  await place.tool("slipway", "pull", `oci://${host}/cut/shop`, "--plain-http", "-d", "pulled");
  expect(ranges).toEqual([undefined, "bytes=100-"]);
  expect(readFileSync(place.at("pulled/shop-1.0.0.tgz"))).toEqual(readFileSync(place.at("shop-1.0.0.tgz")));
});

test.each(["POST", "PUT"])("an upload whose answer to a %s is lost is done all the same", async (method) => {
  const place = await packed();
  let lost = 0;
  spoil = ({ asked, response }) => {
    if (asked.method !== method || !asked.url?.includes("/blobs/uploads/") || lost > 0) return false;
    lost++;
    response.destroy();
    return true;
  };
  const project = `oci://${host}/lost-${method.toLowerCase()}`;
  await place.tool("slipway", "push", "shop-1.0.0.tgz", project, "--plain-http");
  expect(lost).toBe(1);
  const elsewhere = makePlace("elsewhere");
  await elsewhere.tool("helm4", "pull", `${project}/shop`, "--plain-http");
  expect(readFileSync(elsewhere.at("shop-1.0.0.tgz"))).toEqual(readFileSync(place.at("shop-1.0.0.tgz")));
});
