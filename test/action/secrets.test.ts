import { expect, test } from "vitest";
import { maskableLines, secretsOf } from "../../src/action/secrets.ts";

const key =
  "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEAAoIB\n-----END PRIVATE KEY-----\n";
const kubeconfig = `
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://k.example:6443"}}]
users:
  - {name: a, user: {token: tok-of-a}}
  - {name: b, user: {client-key-data: ${Buffer.from(key).toString("base64")}}}
  - {name: c, user: {username: carl, password: pass-of-c}}
  - {name: d, user: {exec: {command: login, env: [{name: SECRET, value: a-long-secret-of-d}, {name: HOST, value: "https://login.example.com"}]}}}
  - {name: e, user: {auth-provider: {name: oidc, config: {id-token: id-token-of-somebody, idp-issuer-url: "https://issuer.example.com"}}}}
`;

test("whatever proves who a user is", async () => {
  const secrets = await secretsOf({ kubeconfig, token: "tok-itself" }, {});
  expect(maskableLines(secrets)).toEqual([
    "tok-itself",
    "tok-of-a",
    Buffer.from(key).toString("base64"),
    "MIIEvQIBADANBgkqhkiG9w0B",
    "AQEFAASCBKcwggSjAgEAAoIB",
    "pass-of-c",
    "a-long-secret-of-d",
    "id-token-of-somebody",
  ]);
});

test("a kubeconfig in base64, as such and as what it holds", async () => {
  const packed = Buffer.from(kubeconfig).toString("base64");
  const lines = maskableLines(await secretsOf({ kubeconfig: packed }, {}));
  expect(lines).toContain(packed);
  expect(lines).toContain("tok-of-a");
});

test("of one that is not YAML every long line", async () => {
  const lines = maskableLines(await secretsOf({ kubeconfig: "users: [\n  token: abcdefghijklmnop\n}" }, {}));
  expect(lines).toEqual(["token: abcdefghijklmnop"]);
});

test("nothing where nothing is given, or the file is not there", async () => {
  expect(await secretsOf({}, { KUBECONFIG: "/no/such/file" })).toEqual([]);
});
