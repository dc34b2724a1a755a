import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/base/json-path.ts";
import { authProviderHeaders } from "../../../src/kube/auth/auth-provider.ts";
import { withExecPlugin } from "../../../src/kube/auth/exec-plugin.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plugin-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A plugin that runs the given script; its runs are counted in a file. */
function plugin(script: string, more: JsonObject = {}) {
  const count = join(folder, "runs");
  writeFileSync(join(folder, "plugin.cjs"), `require("fs").appendFileSync(${JSON.stringify(count)}, "x");\n${script}`);
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: process.execPath,
    args: [join(folder, "plugin.cjs")],
    ...more,
  };
  const cluster = { server: new URL("https://kube.example:6443"), tls: { insecure: false, ca: "CA" } };
  return {
    authenticate: withExecPlugin({ exec, folder, user: "ci", cluster }),
    runs: () => readFileSync(count, "utf8").length,
  };
}

const print = (status: string) =>
  `process.stdout.write(JSON.stringify({ kind: "ExecCredential", apiVersion: "client.authentication.k8s.io/v1", status: ${status} }))`;

describe("exec plugins", () => {
  test.each<[string, string, JsonObject, object]>([
    ["a token", print('{ token: "abc" }'), {}, { headers: { authorization: "Bearer abc" } }],
    [
      "a client certificate",
      print('{ clientCertificateData: "C", clientKeyData: "K" }'),
      {},
      { headers: {}, clientCertificate: { cert: "C", key: "K" } },
    ],
    [
      "the environment that the kubeconfig gives",
      print("{ token: process.env.WHO }"),
      { env: [{ name: "WHO", value: "me" }] },
      { headers: { authorization: "Bearer me" } },
    ],
    [
      "what it is asked for",
      print("{ token: process.env.KUBERNETES_EXEC_INFO }"),
      { provideClusterInfo: true },
      {
        headers: {
          authorization: `Bearer ${JSON.stringify({
            apiVersion: "client.authentication.k8s.io/v1",
            kind: "ExecCredential",
            spec: {
              interactive: false,
              cluster: { server: "https://kube.example:6443", "certificate-authority-data": "Q0E=" },
            },
          })}`,
        },
      },
    ],
    [
      "the end of its input, so that it does not wait",
      `process.stdin.on("data", () => {}).on("end", () => { ${print('{ token: "ended" }')} })`,
      {},
      { headers: { authorization: "Bearer ended" } },
    ],
  ])("give or get %s", async (_name, script, more, expected) => {
    expect(await plugin(script, more).authenticate(false)).toEqual({ ...expected, renewable: true });
  });

  test("run again only when asked to renew, or when their credential has expired", async () => {
    const lasting = plugin(print('{ token: "a", expirationTimestamp: "2999-01-01T00:00:00Z" }'));
    await lasting.authenticate(false);
    await lasting.authenticate(false);
    expect(lasting.runs()).toBe(1);
    await lasting.authenticate(true);
    expect(lasting.runs()).toBe(2);

    rmSync(join(folder, "runs"));
    const expired = plugin(print('{ token: "a", expirationTimestamp: "2001-01-01T00:00:00Z" }'));
    await expired.authenticate(false);
    await expired.authenticate(false);
    expect(expired.runs()).toBe(2);
  });

  test.each<[string, string, JsonObject, string, string?]>([
    ["fail", 'console.error("not logged in"); process.exit(3)', {}, "not logged in"],
    [
      "are missing",
      "",
      { command: "no-such-plugin", installHint: "Get it from example.com." },
      "there is no such command",
      "Get it from example.com.",
    ],
    ["print no JSON", 'process.stdout.write("token: secret-thing")', {}, "what it printed is not JSON"],
    ["print something else", 'process.stdout.write("{}")', {}, "it did not print an ExecCredential"],
    ["print nothing of use", print("{}"), {}, "its ExecCredential holds no token and no certificate"],
    ["are interactive", "", { interactiveMode: "Always" }, "it wants to ask somebody, and nobody is there"],
    ["have no command", "", { command: "" }, "it names no command"],
  ])("that %s are told", async (_name, script, more, reason, hint) => {
    const command = more["command"] ?? process.execPath;
    await expect(plugin(script, more).authenticate(false)).rejects.toMatchObject({
      code: "KUBE_CONFIG",
      message: `Cannot log in with "${command}" for the user "ci": ${reason}`,
      ...(hint !== undefined && { hint }),
    });
  });
});

describe("auth-providers", () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const idToken = `${part({ alg: "none" })}.${part({ exp: 4102444800 })}.${Buffer.from("signature").toString("base64url")}`;

  test("an OIDC token that is still good is taken as it is", async () => {
    const provider = { name: "oidc", config: { "id-token": idToken, "client-id": "slipway" } };
    expect(await authProviderHeaders(provider, { user: "ci", file: "config" })).toEqual({
      authorization: `Bearer ${idToken}`,
    });
  });

  test("one that is not known is told", async () => {
    await expect(authProviderHeaders({ name: "magic" }, { user: "ci", file: "config" })).rejects.toMatchObject({
      code: "KUBE_CONFIG",
      message: expect.stringContaining('The auth-provider "magic" of the user "ci" failed'),
      where: "config",
    });
  });
});
