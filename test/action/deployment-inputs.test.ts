import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseInputs } from "../../src/action/inputs.ts";

const folder = mkdtempSync(join(tmpdir(), "deployment-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const event = join(folder, "event.json");
const payload = {
  release: "from-payload",
  chart: "./other",
  timeout: "90s",
  "values-files": ["/etc/passwd"],
  values: { image: { tag: "2.0" } },
  token: "stolen",
  kubeconfig: "other",
};
writeFileSync(event, JSON.stringify({ deployment: { payload } }));
const env = { GITHUB_EVENT_PATH: event, INPUT_CHART: "./mine", INPUT_TIMEOUT: "5m", INPUT_RELEASE: "" };

test("a deployment's payload gives what the workflow leaves open, but not who the run is", () => {
  const inputs = parseInputs({ ...env, "INPUT_DEPLOYMENT-INPUTS": "true" });
  expect(inputs).toMatchObject({
    release: "from-payload",
    carryOut: { timeoutMs: 90_000 },
    connection: {},
    deploy: { chart: { reference: "./mine" }, values: { files: [], inline: ['{"image":{"tag":"2.0"}}'] } },
  });
  expect(Object.keys(inputs.connection)).toEqual([]);
});

test.each(["PASSWORD", "TOKEN", "CLIENT-KEY"])("a %s doesn't go where a payload says", (secret) => {
  const given = { ...env, INPUT_CHART: "", [`INPUT_CHART-${secret}`]: "p4ss", "INPUT_DEPLOYMENT-INPUTS": "true" };
  expect(() => parseInputs(given)).toThrow(/"chart" is missing/);
});

test("it gives nothing unless that is asked for", () => {
  expect(() => parseInputs(env)).toThrow(/"release" is missing/);
});

test("secrets that are no JSON are refused without repeating them", () => {
  const failing = () => parseInputs({ INPUT_RELEASE: "a", INPUT_CHART: "b", INPUT_SECRETS: "s3cret" });
  expect(failing).toThrow(/"secrets" is not a JSON object/);
  expect(failing).not.toThrow(/s3cret/);
});
