import { expect, test } from "vitest";
import {
  connect,
  type DeployEvent,
  type DeployOptions,
  deploy,
  deployDefaults,
  driverFor,
  loadChart,
  renderChart,
  SlipwayError,
  startSandbox,
  systemClock,
  templateOutput,
} from "../src/index.ts";

const chart = "examples/shop";

test("the library renders a chart", async () => {
  const rendered = await renderChart({
    chart: await loadChart(chart),
    config: new Map(),
    release: { name: "shop", namespace: "default", revision: 1, isUpgrade: false },
  });
  expect(rendered.manifests.map(({ kind }) => kind)).toContain("Deployment");
  expect(templateOutput(rendered)).toContain("# Source: shop/templates/service.yaml");
});

test("the library deploys, tells what it does, and fails with a code", async () => {
  const sandbox = await startSandbox({ speed: 20 });
  const kube = await connect({ kubeconfig: sandbox.kubeconfig });
  const events: DeployEvent[] = [];
  try {
    const driver = driverFor(kube, "shop", { kind: undefined });
    const session = {
      kube,
      driver,
      clock: systemClock,
      signal: new AbortController().signal,
      emit: (event: DeployEvent) => void events.push(event),
    };
    expect(await deploy(session, optionsFor(chart))).toMatchObject({
      status: "deployed",
      revision: 1,
      rolledBack: false,
    });
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["phase", "plan", "object", "hook", "health", "revision"]),
    );
    await expect(deploy(session, optionsFor("examples/absent"))).rejects.toMatchObject({ code: "CHART_NOT_FOUND" });
    await expect(deploy(session, optionsFor("examples/absent"))).rejects.toBeInstanceOf(SlipwayError);
  } finally {
    kube.close();
    await sandbox.close();
  }
});

function optionsFor(path: string): DeployOptions {
  return {
    ...deployDefaults,
    release: "shop",
    namespace: "shop",
    createNamespace: true,
    chart: path,
    values: {},
    timeoutMs: 30_000,
  };
}
