import { readFileSync } from "node:fs";
import { SlipwayError } from "../base/error.ts";
import type { DeployOptions } from "../deploy/options.ts";
import type { InputName } from "./input-table.ts";
import { type InputValues, missingInput } from "./read-inputs.ts";

type ChartSource = Exclude<DeployOptions["chart"], string>;
type Access = NonNullable<ChartSource["access"]>;
type Keyring = NonNullable<ChartSource["verify"]>["keyring"];

/** Inputs that somebody could be had to send to a place of their own, were that place theirs to name. */
export const chartSecrets: readonly InputName[] = ["chart-password", "chart-token", "chart-client-key"];

/** What the inputs say of where the chart comes from. What proves who asks is kept secret from here on. */
export function chartInput(
  values: InputValues,
  env: ChartSource["env"],
  keepSecret: (secret: string) => void,
): ChartSource {
  const { chart = "", "chart-version": version, "chart-repository": repository } = values;
  const { "chart-keyring": keyring, "chart-cosign-key": cosignKey } = values;
  for (const secret of secretsIn(values)) keepSecret(secret);
  return {
    reference: chart,
    env,
    access: accessInput(values),
    ...(version !== undefined && { version }),
    ...(repository !== undefined && { repository }),
    ...(keyring !== undefined && { verify: { keyring: keyringInput(keyring) } }),
    ...(cosignKey !== undefined && { cosignKey: readKey(pemInput(cosignKey)) }),
  };
}

/** What contradicts itself, or is missing, among the inputs of a chart. */
export function chartProblems(values: InputValues): SlipwayError[] {
  const given = (name: InputName) => values[name] !== undefined;
  const needs = (name: InputName, other: InputName) =>
    given(name) && !given(other) ? [missingInput(other, `${name} says nothing without it.`)] : [];
  const problems = [
    ...needs("chart-password", "chart-username"),
    ...needs("chart-client-certificate", "chart-client-key"),
    ...needs("chart-client-key", "chart-client-certificate"),
  ];
  if (values["chart-verify"] && !given("chart-keyring") && !given("chart-cosign-key")) {
    problems.push(missingInput("chart-keyring", "chart-verify needs it, or chart-cosign-key, to know whom to trust."));
  }
  if (given("chart-token") && given("chart-username")) {
    const where = 'input "chart-token"';
    problems.push(
      new SlipwayError("INPUT_INVALID", "chart-token and chart-username can't be given together", { where }),
    );
  }
  return problems;
}

function accessInput(values: InputValues): Access {
  const { "chart-username": username, "chart-password": password, "chart-token": token } = values;
  const { "chart-certificate-authority": authority, "chart-client-certificate": certificate } = values;
  const { "chart-client-key": key } = values;
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(token !== undefined && { token }),
    ...(authority !== undefined && { caFile: pemInput(authority) }),
    ...(certificate !== undefined && { certFile: pemInput(certificate) }),
    ...(key !== undefined && { keyFile: pemInput(key) }),
    ...(values["chart-insecure-skip-tls-verify"] && { insecureSkipTlsVerify: true }),
    ...(values["chart-plain-http"] && { plainHttp: true }),
    ...(values["chart-pass-credentials"] && { passCredentials: true }),
  };
}

// A path is no secret, and masked it would tear the log apart.
function secretsIn({ "chart-password": password, "chart-token": token, "chart-client-key": key }: InputValues) {
  const content = key === undefined || isPath(pemInput(key)) ? [] : [key, pemInput(key)];
  return [password, token, ...content].filter((secret) => secret !== undefined);
}

function isPath(text: string): boolean {
  return text.length < 500 && !/[\r\n]/.test(text);
}

/** PEM as it stands or in base64; anything else is a path. */
function pemInput(text: string): string {
  const unpacked = Buffer.from(text, "base64").toString("utf8");
  return !text.includes("-----BEGIN") && unpacked.includes("-----BEGIN") ? unpacked : text;
}

/** Armored keys as they stand, any keyring in base64, or a path. */
function keyringInput(text: string): Keyring {
  if (text.includes("-----BEGIN PGP")) return Buffer.from(text);
  const unpacked = Buffer.from(text, "base64");
  const isBase64 = /^[A-Za-z0-9+/\s]{100,}=*\s*$/.test(text);
  return isBase64 ? unpacked : text;
}

function readKey(pemOrPath: string): string {
  if (pemOrPath.includes("-----BEGIN")) return pemOrPath;
  const where = 'input "chart-cosign-key"';
  try {
    return readFileSync(pemOrPath, "utf8");
  } catch (cause) {
    throw new SlipwayError("INPUT_INVALID", `The ${where} is neither a key in PEM form nor the path of one`, {
      where,
      cause,
    });
  }
}
