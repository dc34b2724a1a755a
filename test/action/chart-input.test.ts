import { expect, test } from "vitest";
import { parseInputs } from "../../src/action/inputs.ts";

const common = { INPUT_RELEASE: "shop", INPUT_COMMAND: "deploy" };

test("the chart's inputs say where it comes from, and the password is masked", () => {
  const secrets: string[] = [];
  const env = {
    ...common,
    INPUT_CHART: "shop",
    "INPUT_CHART-VERSION": "^1.0.0",
    "INPUT_CHART-REPOSITORY": "https://charts.example.com",
    "INPUT_CHART-USERNAME": "me",
    "INPUT_CHART-PASSWORD": "hidden-password",
  };
  const inputs = parseInputs(env, (secret) => secrets.push(secret));
  expect(inputs.command === "deploy" && inputs.deploy.chart).toMatchObject({
    reference: "shop",
    version: "^1.0.0",
    repository: "https://charts.example.com",
    access: { username: "me", password: "hidden-password" },
  });
  expect(secrets).toEqual(["hidden-password"]);
});

test("a path alone asks for nothing more", () => {
  const env = { ...common, INPUT_CHART: "./chart" };
  const inputs = parseInputs(env);
  expect(inputs.command === "deploy" && inputs.deploy.chart).toEqual({
    reference: "./chart",
    access: {},
    env: expect.anything(),
  });
});
