import { systemClock } from "../../src/base/clock.ts";
import { SlipwayError } from "../../src/base/error.ts";
import { deploy } from "../../src/deploy/deploy.ts";
import { deployDefaults } from "../../src/deploy/options.ts";
import { connect } from "../../src/kube/connect.ts";
import { secretsDriver } from "../../src/release/secrets-driver.ts";
import { shop } from "../scenarios/world.ts";

/** 65 s and 90 s, a hundred times shorter: how long one answer, and one sign of life of a watch, is waited for. */
const requestTimeoutMs = 650;
const silenceMs = 900;

/** Upgrades the shop, created where it is missing, as the library does, with a hundredth of the usual patience. */
export async function deployInAHurry(
  kubeconfig: string,
  set: readonly string[],
): Promise<{ code: number; err: string }> {
  const kube = await connect({ kubeconfig, requestTimeoutMs, watch: { silenceMs } });
  const session = {
    kube,
    driver: secretsDriver(kube, "shop"),
    clock: systemClock,
    signal: new AbortController().signal,
    emit: () => {},
  };
  try {
    const result = await deploy(session, {
      ...deployDefaults,
      release: "shop",
      namespace: "shop",
      createNamespace: true,
      chart: shop,
      values: { set },
      timeoutMs: 20_000,
    });
    return result.cause === undefined ? { code: 0, err: "" } : { code: 1, err: `Error: ${result.cause}` };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { code: 1, err: `Error: ${error.message}` };
  } finally {
    kube.close();
  }
}
