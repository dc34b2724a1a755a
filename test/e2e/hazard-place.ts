import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, inject } from "vitest";
import type { ObjectRef } from "../../src/kube/types.ts";
import { freshName, openWorld } from "../scenarios/world.ts";

export const world = await openWorld(inject("kubeconfig"));
export const folder = mkdtempSync(join(tmpdir(), "slipway-hazards-"));
export const made: { kind: string; name: string }[] = [];
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  for (const { kind, name } of made) await world.kubectl("delete", kind, name, "--wait=false", "--ignore-not-found");
});

let charts = 0;
/** A chart of these objects, `NS` in them standing for the namespace; its path. */
export function chart(objects: string, namespace: string): string {
  charts += 1;
  const path = join(folder, `${charts}`);
  mkdirSync(join(path, "templates"), { recursive: true });
  writeFileSync(join(path, "Chart.yaml"), "apiVersion: v2\nname: it\nversion: 1.0.0\n");
  writeFileSync(join(path, "templates/all.yaml"), objects.replaceAll("NS", namespace));
  return path;
}

/** A namespace of a test's own, which goes with the file. */
export async function makeNamespace(): Promise<string> {
  const name = freshName("hazard");
  await world.kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  made.push({ kind: "namespace", name });
  return name;
}

export type Told = { id: string; severity: string; ref?: ObjectRef; field?: string; message: string; remedy: string };

/** What a plan tells beforehand. */
export async function hazardsOf(objects: string, namespace: string, ...words: string[]): Promise<Told[]> {
  const planned = await world.slipway("plan", "it", chart(objects, namespace), "-n", namespace, "-o", "json", ...words);
  if (planned.code !== 0) throw new Error(planned.err);
  return JSON.parse(planned.out).hazards;
}

export const deploy = (objects: string, namespace: string, ...words: string[]) =>
  world.slipway("deploy", "it", chart(objects, namespace), "-n", namespace, "--timeout", "30s", ...words);

export async function deployed(objects: string, namespace: string, ...words: string[]) {
  const ended = await deploy(objects, namespace, ...words);
  expect(ended).toMatchObject({ code: 0, err: "" });
  return ended;
}

const kinds = [
  ["v1", "ConfigMap"],
  ["v1", "Secret"],
  ["v1", "Service"],
  ["v1", "PersistentVolumeClaim"],
  ["apps/v1", "Deployment"],
  ["apps/v1", "StatefulSet"],
  ["batch/v1", "Job"],
  ["coordination.k8s.io/v1", "Lease"],
] as const;

/** Everything in the namespace, as it was written last; pods and their controllers' counts go their own way. */
export async function stateOf(namespace: string): Promise<string[]> {
  const lists = await Promise.all(kinds.map(([apiVersion, kind]) => world.kube.list(apiVersion, kind, { namespace })));
  return lists.flatMap(({ items }) =>
    items
      .filter(({ metadata }) => metadata.name !== "kube-root-ca.crt")
      .map(({ kind, metadata: { name, uid, generation }, ...object }) =>
        [kind, name, uid, generation, JSON.stringify(object["data"])].join(" "),
      ),
  );
}

export const get = (apiVersion: string, kind: string, namespace: string, name: string) =>
  world.kube.get({ apiVersion, kind, namespace, name });

export const web = (rest = "", container = 'name: c, image: "app:1"', top = "") => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {${top}selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, spec: {${rest}containers: [{${container}}]}}}
`;
export const settings = (data: string, kind = "ConfigMap") =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: {name: settings}\n${kind === "Secret" ? "stringData" : "data"}: ${data}\n`;
export const both = (...objects: string[]) => objects.join("---\n");
export const readsSettings = 'name: c, image: "app:1", envFrom: [{configMapRef: {name: settings}}]';

/** The uids of the pods that `web` runs. */
export async function podsOf(namespace: string): Promise<string[]> {
  const { items } = await world.kube.list("v1", "Pod", { namespace, labels: { app: "a" } });
  return items.map(({ metadata }) => metadata.uid ?? "").sort();
}

export const told = (hazards: Told[], id: string) => hazards.filter((hazard) => hazard.id === id);
