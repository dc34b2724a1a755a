import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../base/clock.ts";
import { SlipwayError } from "../../base/error.ts";
import { deploy } from "../../deploy/deploy.ts";
import { type DeployOptions, deployDefaults, type Session } from "../../deploy/options.ts";
import { connect } from "../../kube/connect.ts";
import { driverFor } from "../../release/driver.ts";
import { startSandbox } from "../../sandbox/sandbox.ts";
import type { ExitCode, Invocation, Terminal } from "../command.ts";
import { outcomeText } from "../finish.ts";
import { shortTime, table } from "../output.ts";
import { paintFor, telling } from "../telling.ts";

type Scene = { title: string; set: string[] };

const scenes: readonly Scene[] = [
  { title: "1. A first deploy: slipway deploy shop examples/shop -n shop --create-namespace", set: [] },
  { title: "2. An upgrade: … --set image.tag=1.1,replicas=3", set: ["image.tag=1.1,replicas=3"] },
  { title: "3. An image that crashes: … --set image.tag=crash", set: ["image.tag=crash"] },
];

/** `slipway demo`: the whole way on a sandbox: deploy, upgrade, a broken image taken back, history. */
export async function demo({ terminal }: Invocation): Promise<ExitCode> {
  const chart = exampleChart();
  const paint = paintFor(terminal);
  const sandbox = await startSandbox();
  const kube = await connect({ kubeconfig: sandbox.kubeconfig });
  const told = telling(terminal, undefined);
  try {
    const driver = driverFor(kube, "shop", { kind: undefined });
    const session: Session = { kube, driver, clock: systemClock, signal: terminal.signal, emit: told.emit };
    terminal.out.write(`A Kubernetes API in memory runs for this demo, on ${sandbox.url}; nothing else is touched.\n`);
    for (const { title, set } of scenes) {
      terminal.out.write(`\n${paint("bold", paint("cyan", title))}\n`);
      const result = await deploy(session, demoOptions(chart, set));
      told.close();
      if (result.cause !== undefined) terminal.out.write(`${paint("yellow", outcomeText(result))}\n`);
      else terminal.out.write(`${paint("green", `Release shop is deployed: revision ${result.revision}`)}\n`);
    }
    await tellHistory(
      session,
      terminal,
      `\n${paint("bold", paint("cyan", "4. What Helm would read: slipway history shop -n shop"))}\n`,
    );
    return 0;
  } finally {
    told.close();
    kube.close();
    await sandbox.close();
  }
}

async function tellHistory(session: Session, { out }: Terminal, title: string): Promise<void> {
  const history = await session.driver.history("shop");
  const rows = history.map((release) => [
    String(release.revision),
    shortTime(release.lastDeployed),
    release.status,
    release.description,
  ]);
  out.write(`${title}${table(["REVISION", "UPDATED", "STATUS", "DESCRIPTION"], rows)}`);
}

function demoOptions(chart: string, set: string[]): DeployOptions {
  return {
    ...deployDefaults,
    release: "shop",
    namespace: "shop",
    createNamespace: true,
    chart,
    values: { set },
    timeoutMs: 30_000,
  };
}

// The bundle lies in dist/cli/, the source in src/cli/commands/.
function exampleChart(): string {
  const places = ["../../examples/shop", "../../../examples/shop"].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const found = places.find((path) => existsSync(path));
  if (found) return found;
  throw new SlipwayError("CHART_NOT_FOUND", "The demo's chart is missing", {
    hint: `It should lie in ${places[0]}: take the whole package.`,
  });
}
