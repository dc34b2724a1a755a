import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { SignedCharts } from "../../scripts/signed-chart.ts";
import { type InputName, variableOf } from "../../src/action/input-table.ts";
import { parseInputs } from "../../src/action/inputs.ts";
import type { ChartSource } from "../../src/chart/chart-source.ts";
import { resolveChart } from "../../src/chart/resolve-chart.ts";
import { fakeClock } from "../base/fake-clock.ts";
import { makeCertificates, serverTls } from "../chart/remote/certificates.ts";
import { type Seen, send, serveWeb, type WebServer } from "../chart/remote/web-server.ts";

type Given = Partial<Record<InputName, string>>;
const secrets: string[] = [];

function sourceOf(given: Given): ChartSource {
  const inputs: Given = { release: "shop", command: "deploy", ...given };
  const env = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [variableOf(name), value]));
  secrets.length = 0;
  const parsed = parseInputs(env, (secret) => secrets.push(secret));
  if (parsed.command !== "deploy" || typeof parsed.deploy.chart === "string") throw new Error("not a chart's source");
  return parsed.deploy.chart;
}

describe("the chart's inputs", () => {
  test("say where it comes from, and the password is masked", () => {
    const source = sourceOf({
      chart: "shop",
      "chart-version": "^1.0.0",
      "chart-repository": "https://charts.example.com",
      "chart-username": "me",
      "chart-password": "hidden-password",
    });
    expect(source).toMatchObject({
      reference: "shop",
      version: "^1.0.0",
      repository: "https://charts.example.com",
      access: { username: "me", password: "hidden-password" },
    });
    expect(secrets).toEqual(["hidden-password"]);
  });

  test("are nothing more for a path alone", () => {
    expect(sourceOf({ chart: "./chart" })).toEqual({ reference: "./chart", access: {}, env: expect.anything() });
  });

  test.each<[string, Given, object]>([
    ["a token", { "chart-token": "hidden" }, { token: "hidden" }],
    ["who else gets it", { "chart-pass-credentials": "true" }, { passCredentials: true }],
    ["plain HTTP", { "chart-plain-http": "true" }, { plainHttp: true }],
    ["no check of certificates", { "chart-insecure-skip-tls-verify": "TRUE" }, { insecureSkipTlsVerify: true }],
    ["paths", { "chart-certificate-authority": "ca.pem" }, { caFile: "ca.pem" }],
  ])("say %s", (_name, given, access) => {
    expect(sourceOf({ chart: "./chart", ...given }).access).toEqual(access);
  });

  test.each<[string, Given, RegExp]>([
    ["a password without a name", { "chart-password": "hidden" }, /"chart-username" is missing/],
    ["a certificate without a key", { "chart-client-certificate": "c.pem" }, /"chart-client-key" is missing/],
    ["a key without a certificate", { "chart-client-key": "k.pem" }, /"chart-client-certificate" is missing/],
    ["a token beside a name", { "chart-token": "hidden", "chart-username": "me" }, /can't be given together/],
    ["nobody to trust", { "chart-verify": "true", "chart-keyring": "" }, /"chart-keyring" is missing/],
    ["a key that is none", { "chart-cosign-key": "hidden\nhidden" }, /neither a key in PEM form nor the path/],
  ])("are refused: %s", (_name, given, message) => {
    const failing = () => sourceOf({ chart: "./chart", ...given });
    expect(failing).toThrow(message);
    expect(failing).not.toThrow(/hidden/);
  });
});

describe("a repository that only the inputs open", () => {
  const certificates = makeCertificates();
  const pem = (path: string) => readFileSync(path, "utf8");
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const signed: SignedCharts = JSON.parse(
    readFileSync(new URL("../chart/provenance/signed.generated.json", import.meta.url), "utf8"),
  );
  const [{ archive, provenance } = { archive: "", provenance: "" }] = signed.charts;
  const bytes = Buffer.from(archive, "base64");
  const digest = createHash("sha256").update(bytes).digest("hex");

  let home: string;
  let server: WebServer;
  let isAllowed: (request: Seen) => boolean = () => true;
  let isTampered = false;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "slipway-inputs-"));
    const tls = { ...serverTls(certificates), requestCert: true, rejectUnauthorized: true };
    server = await serveWeb((request, response) => {
      const { path } = request;
      if (!isAllowed(request)) return send(response, 401);
      if (path.endsWith(".prov"))
        return send(response, 200, isTampered ? provenance.replace("1.0.0", "1.0.1") : provenance);
      if (path.endsWith(".tgz")) return send(response, 200, bytes);
      const entry = `{apiVersion: v2, name: shop, version: 1.0.0, digest: "${digest}", urls: [shop-1.0.0.tgz]}`;
      send(response, 200, `apiVersion: v1\nentries:\n  shop:\n  - ${entry}\n`);
    }, tls);
  });
  afterEach(() => {
    isAllowed = () => true;
    isTampered = false;
  });
  afterAll(async () => {
    await server.close();
    rmSync(home, { recursive: true });
  });

  const { ca, clientCert, clientKey } = certificates;
  const paths: Given = {
    "chart-certificate-authority": ca,
    "chart-client-certificate": clientCert,
    "chart-client-key": clientKey,
  };
  const fetched = async (given: Given) => {
    const source = { ...sourceOf({ chart: "shop", "chart-repository": server.url, ...given }), env: { HOME: home } };
    return (await resolveChart(source, { clock: fakeClock() })).metadata.name;
  };

  test.each<[string, Given, number]>([
    ["by paths", paths, 0],
    [
      "by what the files hold",
      {
        "chart-certificate-authority": pem(ca),
        "chart-client-certificate": pem(clientCert),
        "chart-client-key": pem(clientKey),
      },
      1,
    ],
    [
      "by that in base64",
      {
        "chart-certificate-authority": base64(pem(ca)),
        "chart-client-certificate": base64(pem(clientCert)),
        "chart-client-key": base64(pem(clientKey)),
      },
      1,
    ],
    [
      "without a check of its certificate",
      { ...paths, "chart-certificate-authority": "", "chart-insecure-skip-tls-verify": "true" },
      0,
    ],
  ])("opens: %s", async (_name, given, hidden) => {
    expect(await fetched(given)).toBe("shop");
    expect(secrets.some((secret) => secret.includes("PRIVATE KEY"))).toBe(hidden === 1);
    expect(secrets).not.toContain(clientKey);
  });

  test("opens by a token", async () => {
    isAllowed = ({ headers }) => headers.authorization === "Bearer hidden-token";
    expect(await fetched({ ...paths, "chart-token": "hidden-token" })).toBe("shop");
    expect(secrets).toEqual(["hidden-token"]);
  });

  test("is not asked with what can't be a token", async () => {
    const failing = fetched({ ...paths, "chart-token": "hidden too" });
    await expect(failing).rejects.toThrow(/bearer token can't be one/);
    await expect(failing).rejects.not.toThrow(/hidden/);
  });

  test("stays closed without them", async () => {
    await expect(fetched({})).rejects.toMatchObject({ code: "CHART_UNREACHABLE" });
  });

  test.each<[string, () => string]>([
    ["armored", () => signed.armored],
    ["in base64", () => signed.keyring],
    ["in base64, over several lines", () => signed.keyring.replace(/.{76}/g, "$&\n")],
    ["a keybox in base64", () => signed.keybox],
    [
      "by its path",
      () => {
        writeFileSync(join(home, "keys.gpg"), Buffer.from(signed.keyring, "base64"));
        return join(home, "keys.gpg");
      },
    ],
  ])("gives only what a keyring signed: %s", async (_name, keyring) => {
    const given = { ...paths, "chart-verify": "true", "chart-keyring": keyring() };
    expect(await fetched(given)).toBe("shop");
    isTampered = true;
    await expect(fetched(given)).rejects.toMatchObject({ code: "CHART_UNVERIFIED" });
  });

  test("gives nothing that cosign would have to have signed", async () => {
    const given = { ...paths, "chart-verify": "true", "chart-cosign-key": pem(clientCert) };
    await expect(fetched(given)).rejects.toMatchObject({ code: "CHART_UNVERIFIED" });
  });
});
