import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inCluster } from "../../../src/kube/config/in-cluster.ts";
import type { ConnectionOptions } from "../../../src/kube/config/options.ts";
import { resolveConnection } from "../../../src/kube/config/resolve.ts";

const pem = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n";
const base64 = (text: string) => Buffer.from(text).toString("base64");

type Parts = { cluster?: string; user?: string; context?: string; current?: string };
const kubeconfig = ({
  cluster = "",
  user = "token: t0k3n",
  context = "",
  current = "prod",
}: Parts = {}) => `apiVersion: v1
kind: Config
clusters: [{name: prod, cluster: {server: "https://prod.example:6443", ${cluster}}}]
users: [{name: admin, user: {${user}}}]
contexts:
- {name: prod, context: {cluster: prod, user: admin, ${context}}}
- {name: staging, context: {cluster: prod, user: admin, namespace: staging}}
current-context: ${current}
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function resolved(options: ConnectionOptions, env: NodeJS.ProcessEnv = {}) {
  const { server, authenticate, ...rest } = resolveConnection(options, env);
  return { server: server.href, ...rest, credentials: await authenticate(false) };
}

const failure = (options: ConnectionOptions, env: NodeJS.ProcessEnv = {}) => {
  try {
    resolveConnection(options, env);
  } catch (error) {
    return error;
  }
  return undefined;
};

const token = { headers: { authorization: "Bearer t0k3n" }, renewable: false };
const prod = {
  server: "https://prod.example:6443/",
  namespace: "default",
  tls: { insecure: false },
  credentials: token,
};

describe("where a kubeconfig is found", () => {
  test.each<[string, (text: string) => [ConnectionOptions, NodeJS.ProcessEnv?]]>([
    ["a path", (text) => [{ kubeconfig: file("config", text) }]],
    ["content", (text) => [{ kubeconfig: text }]],
    ["JSON", () => [{ kubeconfig: JSON.stringify(json) }]],
    ["base64", (text) => [{ kubeconfig: base64(text) }]],
    ["base64 in lines", (text) => [{ kubeconfig: base64(text).replace(/.{76}/g, "$&\n") }]],
    ["$KUBECONFIG", (text) => [{}, { KUBECONFIG: file("config", text) }]],
    [
      "a list in $KUBECONFIG of which one is missing",
      (text) => [{}, { KUBECONFIG: ["/none", file("config", text)].join(delimiter) }],
    ],
  ])("%s", async (_name, given) => {
    expect(await resolved(...given(kubeconfig()))).toEqual(prod);
  });

  const json = {
    clusters: [{ name: "c", cluster: { server: "https://prod.example:6443" } }],
    users: [{ name: "u", user: { token: "t0k3n" } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  };

  test("several files are one: the first that names something counts", async () => {
    const first = file("a", "current-context: staging\nusers: [{name: admin, user: {token: first}}]\n");
    const second = file("b", kubeconfig());
    const options = { kubeconfig: [first, second].join(delimiter) };
    expect(await resolved(options)).toMatchObject({
      namespace: "staging",
      credentials: { headers: { authorization: "Bearer first" } },
    });
  });
});

describe("what a context comes down to", () => {
  test.each<[string, Parts, ConnectionOptions, object]>([
    ["another context", {}, { context: "staging" }, { namespace: "staging" }],
    ["a namespace", { context: "namespace: shop" }, {}, { namespace: "shop" }],
    [
      "an authority",
      { cluster: `certificate-authority-data: ${base64(pem)}` },
      {},
      { tls: { insecure: false, ca: pem } },
    ],
    ["no check", { cluster: "insecure-skip-tls-verify: true" }, {}, { tls: { insecure: true } }],
    ["a server's name", { cluster: "tls-server-name: kube" }, {}, { tls: { insecure: false, servername: "kube" } }],
    ["a proxy", { cluster: "proxy-url: http://proxy:3128" }, {}, { proxy: new URL("http://proxy:3128") }],
    [
      "a name and a password",
      { user: "username: u, password: p" },
      {},
      { credentials: { headers: { authorization: `Basic ${base64("u:p")}` }, renewable: false } },
    ],
    [
      "a client certificate",
      { user: `client-certificate-data: ${base64(pem)}, client-key-data: ${base64("key")}` },
      {},
      { credentials: { headers: {}, clientCertificate: { cert: pem, key: "key" }, renewable: false } },
    ],
    [
      "somebody else",
      { user: "token: t0k3n, as: jane, as-groups: [a, b]" },
      {},
      { credentials: { headers: { ...token.headers, "impersonate-user": "jane", "impersonate-group": ["a", "b"] } } },
    ],
    ["another server", {}, { server: "https://other:1" }, { server: "https://other:1/", credentials: token }],
    ["another token", {}, { token: "new" }, { credentials: { headers: { authorization: "Bearer new" } } }],
    [
      "an authority instead of no check",
      { cluster: "insecure-skip-tls-verify: true" },
      { certificateAuthority: base64(pem) },
      { tls: { insecure: false, ca: pem } },
    ],
    [
      "no check instead of an authority",
      { cluster: `certificate-authority-data: ${base64(pem)}` },
      { insecureSkipTlsVerify: true },
      { tls: { insecure: true } },
    ],
  ])("%s", async (_name, parts, options, expected) => {
    const { tls, ...rest } = await resolved({ kubeconfig: kubeconfig(parts), ...options });
    if ("tls" in expected) expect(tls).toEqual(expected.tls);
    expect({ tls, ...rest }).toMatchObject(expected);
  });

  test("files are found from the kubeconfig's folder on", async () => {
    mkdirSync(join(folder, "pki"));
    file("pki/ca.crt", pem);
    file("pki/token", "from-file\n");
    const path = file(
      "config",
      kubeconfig({ cluster: "certificate-authority: pki/ca.crt", user: "tokenFile: pki/token" }),
    );
    const connection = resolveConnection({ kubeconfig: path }, {});
    expect(connection.tls.ca).toBe(pem);
    expect(await connection.authenticate(false)).toEqual({
      headers: { authorization: "Bearer from-file" },
      renewable: true,
    });
    file("pki/token", "rotated\n");
    expect((await connection.authenticate(true)).headers).toEqual({ authorization: "Bearer rotated" });
  });

  test("server and token need no kubeconfig, and take nothing from one", async () => {
    const env = { KUBECONFIG: file("config", kubeconfig({ context: "namespace: shop" })) };
    const options = {
      server: "https://other",
      token: "t0k3n",
      certificateAuthority: file("ca.crt", pem),
      tlsServerName: "kube",
    };
    expect(await resolved(options, env)).toEqual({
      server: "https://other/",
      namespace: "default",
      tls: { insecure: false, ca: pem, servername: "kube" },
      credentials: token,
    });
  });
});

describe("what is wrong with it", () => {
  test.each<[string, () => ConnectionOptions, object]>([
    [
      "no such file",
      () => ({ kubeconfig: "/no/such/config" }),
      { message: 'There is no kubeconfig at "/no/such/config"' },
    ],
    [
      "not YAML",
      () => ({ kubeconfig: file("broken", "clusters:\n- {name: [\n") }),
      {
        message: expect.stringMatching(/^The kubeconfig is not valid YAML: /),
        where: expect.stringMatching(/broken:3:1$/),
      },
    ],
    [
      "not a map",
      () => ({ kubeconfig: file("list", "- 1\n") }),
      { message: expect.stringContaining("is not a kubeconfig") },
    ],
    [
      "no current context",
      () => ({ kubeconfig: kubeconfig({ current: '""' }) }),
      { hint: "Name a context: prod, staging." },
    ],
    [
      "no such context",
      () => ({ kubeconfig: kubeconfig(), context: "stagin" }),
      { message: 'The kubeconfig has no context "stagin"', hint: 'Did you mean "staging"?' },
    ],
    [
      "no such user",
      () => ({ kubeconfig: kubeconfig({ context: "user: nobody-knows-him" }) }),
      {
        message: 'The kubeconfig has no user "nobody-knows-him" of context "prod"',
        hint: "Use one that is there: admin.",
      },
    ],
    [
      "no server",
      () => ({ kubeconfig: kubeconfig({ cluster: 'server: ""' }) }),
      { message: '"" is not the address of an API server' },
    ],
    ["no HTTP", () => ({ server: "ftp://x", token: "t" }), { where: "the server input" }],
    [
      "an authority and no check",
      () => ({
        kubeconfig: kubeconfig({
          cluster: `insecure-skip-tls-verify: true, certificate-authority-data: ${base64(pem)}`,
        }),
      }),
      { hint: "Keep the certificate-authority, and remove insecure-skip-tls-verify." },
    ],
    [
      "half a client certificate",
      () => ({ kubeconfig: kubeconfig({ user: `client-key-data: ${base64("key")}` }) }),
      { message: 'The user "admin" has a client-key but no client-certificate' },
    ],
    [
      "groups without a user",
      () => ({ kubeconfig: kubeconfig(), asGroups: ["a"] }),
      { hint: "Name the user too, with --as." },
    ],
    ["a proxy that is none", () => ({ kubeconfig: kubeconfig({ cluster: "proxy-url: socks5://x" }) }), {}],
  ])("%s", (_name, options, expected) => {
    expect(failure(options())).toMatchObject({ code: "KUBE_CONFIG", ...expected });
  });

  test("nothing at all", () => {
    const env = { KUBECONFIG: join(folder, "none") };
    expect(failure({}, env)).toMatchObject({ code: "KUBE_CONFIG", where: join(folder, "none") });
  });

  test("a broken kubeconfig does not give its secrets away", () => {
    const error = failure({ kubeconfig: kubeconfig({ user: "token: very-secret, [" }) });
    expect(error).toMatchObject({ code: "KUBE_CONFIG" });
    expect(JSON.stringify([(error as Error).message, error])).not.toContain("very-secret");
  });
});

describe("in a pod", () => {
  const env = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "6443" };

  test("its service account is used", async () => {
    file("token", "pod-token");
    file("ca.crt", pem);
    file("namespace", "shop");
    const connection = inCluster(env, folder);
    expect(connection).toMatchObject({ namespace: "shop", tls: { insecure: false, ca: pem } });
    expect(connection?.server.href).toBe("https://10.0.0.1:6443/");
    expect(await connection?.authenticate(false)).toEqual({
      headers: { authorization: "Bearer pod-token" },
      renewable: true,
    });
  });

  test.each([
    ["no token", env, ""],
    ["no address", {}, "token"],
  ])("%s, no pod", (_name, env, name) => {
    if (name) file(name, "x");
    expect(inCluster(env, folder)).toBeUndefined();
  });
});
