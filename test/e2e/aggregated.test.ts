import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import type { World } from "../scenarios/tools.ts";
import { freshName, openWorld } from "../scenarios/world.ts";
import { makeCertificate, routedAddress, sliceOf, startRoutedServer } from "./routed-server.ts";

let world: World;
let folder: string;
let server: Awaited<ReturnType<typeof startRoutedServer>> | undefined;
const namespace = freshName("naive");
const group = `${namespace}.example`;
const version = `/apis/${group}/v1`;

beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
  folder = mkdtempSync(join(tmpdir(), "slipway-naive-"));
});
afterAll(async () => {
  await world.kubectl("delete", "apiservice", `v1.${group}`, "--ignore-not-found");
  await world.kubectl("delete", "namespace", namespace, "--ignore-not-found", "--wait=false");
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Objects that were made, by those who asked for a dry run, too: this server has never heard of one. */
const made: string[] = [];

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? "/", "https://naive");
  const tell = (code: number, body: unknown) => {
    response.writeHead(code, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };
  const verbs = ["get", "list", "create", "delete"];
  const thing = { name: "things", singularName: "thing", namespaced: true, kind: "Thing", verbs };
  const list = { kind: "APIResourceList", apiVersion: "v1", groupVersion: `${group}/v1`, resources: [thing] };
  if (pathname === version) tell(200, list);
  else if (request.method === "POST") {
    let text = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    request.on("end", () => {
      const object = JSON.parse(text) as { metadata: { name: string } };
      made.push(object.metadata.name);
      tell(201, { ...object, metadata: { ...object.metadata, uid: "1", resourceVersion: "1" } });
    });
  } else tell(404, { kind: "Status", apiVersion: "v1", status: "Failure", reason: "NotFound", code: 404 });
}

test.skipIf(routedAddress === undefined)(
  "a plan makes nothing at an API server beside Kubernetes' own that has never heard of dry runs",
  { timeout: 180_000 },
  async () => {
    server = await startRoutedServer(makeCertificate(folder, "naive", namespace), {}, answer);
    await world.kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    const ports = [{ port: 443, targetPort: server.port }];
    await world.kube.create({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "naive", namespace },
      spec: { ports },
    });
    await world.kube.create(sliceOf("naive", namespace, server.port));
    await world.kube.create({
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: `v1.${group}` },
      spec: {
        group,
        version: "v1",
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
        service: { name: "naive", namespace },
      },
    });
    mkdirSync(join(folder, "templates"));
    writeFileSync(join(folder, "Chart.yaml"), "apiVersion: v2\nname: it\nversion: 1.0.0\n");
    writeFileSync(
      join(folder, "templates/thing.yaml"),
      `apiVersion: ${group}/v1\nkind: Thing\nmetadata: {name: one}\n`,
    );
    const place = ["it", folder, "-n", namespace];
    await vi.waitFor(async () => expect(await world.slipway("plan", ...place)).toMatchObject({ code: 0, err: "" }), {
      timeout: 60_000,
      interval: 500,
    });
    expect(made).toEqual([]);
    expect(await world.slipway("deploy", ...place, "--wait=false")).toMatchObject({ code: 0, err: "" });
    expect(made).toEqual(["one"]);
    expect((await world.slipway("plan", ...place)).code).toBe(0);
    expect(made).toEqual(["one"]);
  },
);
