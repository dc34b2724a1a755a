import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { parseAllDocuments } from "yaml";
import type { KubeObject } from "../../src/kube/types.ts";
import type { World } from "../scenarios/tools.ts";
import { freshName, openWorld, shop } from "../scenarios/world.ts";

const user = freshName("previewer");
const shared = freshName("shared");
const repository = `git.example/e2e/${user}`;
let world: World;
let roles: KubeObject[] = [];

beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
  const printed = await world.slipway(
    "rbac",
    "deploy,uninstall",
    "--all-namespaces",
    "--user",
    user,
    "--role-name",
    user,
    shop,
  );
  expect(printed).toMatchObject({ code: 0 });
  roles = [...documentsIn(printed.out), ...documented()];
  for (const role of roles) await world.kube.create(role);
  await world.kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: shared } });
  const data = { password: Buffer.from("not for everybody").toString("base64") };
  await world.kube.create({ apiVersion: "v1", kind: "Secret", metadata: { name: "login", namespace: shared }, data });
});
afterAll(async () => {
  for (const { apiVersion, kind, metadata } of roles)
    await world.kube.delete({ apiVersion, kind, name: metadata.name });
  await world.kube.delete({ apiVersion: "v1", kind: "Namespace", name: shared });
});

function documentsIn(text: string): KubeObject[] {
  return parseAllDocuments(text).map((document) => document.toJS() as KubeObject);
}

/** The role that docs/previews.md names, under a name of its own, and a binding of it. */
function documented(): KubeObject[] {
  const [, text = ""] = /```yaml\n(apiVersion: rbac[\s\S]*?)```/.exec(readFileSync("docs/previews.md", "utf8")) ?? [];
  const [role] = documentsIn(text);
  if (role === undefined) throw new Error("docs/previews.md has no role");
  const name = `${user}-previews`;
  const apiGroup = "rbac.authorization.k8s.io";
  const binding = {
    apiVersion: role.apiVersion,
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup, kind: "ClusterRole", name },
    subjects: [{ apiGroup, kind: "User", name: user }],
  };
  return [{ ...role, metadata: { name } }, binding];
}

test("with just the rights that docs/previews.md names, previews come and go", async () => {
  const as = (...words: string[]) =>
    world.slipway("preview", ...words, "--repository", repository, "--kube-as-user", user);
  const limits = ["--quota", "pods=20", "--allow-traffic-from", "self", "--copy-secret", `${shared}/login`];
  const wait = ["--timeout", "120s"];
  const first = await as("up", "shop", shop, "--pr", "1", "--sha", "1111111", ...limits, ...wait);
  expect(first).toMatchObject({ code: 0, err: "" });
  expect(first.out).not.toContain("Warning");
  const second = await as("up", "shop", shop, "--pr", "1", "--sha", "2222222", "--ttl", "1ms", ...wait);
  expect(second).toMatchObject({ code: 0, err: "" });
  expect(second.out).not.toContain("Warning");
  expect(await as("sweep", ...wait)).toMatchObject({ code: 0, out: expect.stringContaining("1 of 1 preview removed") });
  const third = await as("up", "shop", shop, "--pr", "2", "--sha", "3333333", ...wait);
  expect(third).toMatchObject({ code: 0, err: "" });
  const down = await as("down", "shop", "--pr", "2", ...wait);
  expect(down).toMatchObject({ code: 0, err: "", out: expect.stringContaining("The preview is gone") });
});

test("without the right to make namespaces, that is said", async () => {
  const nobody = ["--kube-as-user", `${user}-nobody`];
  const { code, err } = await world.slipway(
    "preview",
    "up",
    "shop",
    shop,
    "--repository",
    repository,
    "--pr",
    "9",
    ...nobody,
  );
  expect(code).toBe(1);
  expect(err).toMatch(/KUBE_FORBIDDEN/);
  expect(err).toMatch(/namespaces/);
});
