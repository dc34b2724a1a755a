import { beforeAll, describe, expect, inject, test } from "vitest";
import type { World } from "../scenarios/tools.ts";
import { openWorld } from "../scenarios/world.ts";
import { type Difference, describeDifference, differencesOf } from "../side-by-side/differences.ts";
import { commonTriples } from "./triples/kinds.ts";
import { networkTriples, serviceTwins } from "./triples/network.ts";
import { otherTriples } from "./triples/others.ts";
import { type Compared, compareAll, installDefinitions, playAll } from "./triples/play.ts";
import type { Triple } from "./triples/triple.ts";
import { workloadTriples, workloadTwins } from "./triples/workloads.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
  await installDefinitions(world);
});

const triples: readonly Triple[] = [...commonTriples, ...workloadTriples, ...networkTriples, ...otherTriples];

const isClaim = ({ path, ours }: Difference) => path.startsWith(".metadata.managers") && ours === undefined;

const methods = [
  { name: "patched as Helm 3 patches", method: "csa" },
  { name: "applied on the server's side as by Helm 4", method: "ssa" },
] as const;

describe.each(methods)("$name", ({ method }) => {
  const played = triples.filter(({ notOnServer }) => method === "csa" || !notOnServer);
  let compared: Compared;
  beforeAll(async () => {
    compared = await compareAll(world, played, method);
  });

  test.each(played.map((triple, index) => ({ ...triple, index })))("$name", (triple) => {
    const better = (method === "csa" ? triple.better : triple.betterOnServer) ?? [];
    const all = compared.differences.get(triple.index) ?? [];
    const found = all.filter((difference) => !(method === "ssa" && triple.hasNull && isClaim(difference)));
    // Where a value is not Helm's, its manager isn't either.
    const counted = better.length === 0 ? found : found.filter(({ path }) => !path.startsWith(".metadata.managers"));
    const told = counted.map((difference) => describeDifference(difference).slice(difference.object.length + 1));
    expect(told).toEqual(better);
  });

  test("a plan right after it is empty", () => expect(compared.planned).toBe(""));
});

/** What becomes of twins by Helm 3: a strategic merge takes elements that share a merge key for one another. */
const helmOnTwins: Record<string, "is right" | "is wrong" | "is refused"> = {
  "Service: a second protocol of one number comes": "is wrong",
  "Service: one of two protocols of a number changes": "is wrong",
  "Service: one of two protocols of a number goes": "is refused",
  "Service: two protocols of one number, beside a port by hand": "is refused",
  "Deployment: a variable that is given twice changes": "is wrong",
  "Deployment: a variable that is given twice is given once": "is wrong",
  "Deployment: two protocols of one port, of which one gets a name": "is wrong",
  "Deployment: two constraints of one topology, of which one changes": "is right",
};
const twins = [...serviceTwins, ...workloadTwins].map((triple) => ({ triple, name: triple.name }));

describe.concurrent("twins end as an install of the same chart makes them", () => {
  test.each(twins)("$name", async ({ triple, name }) => {
    const [wanted, ours, theirs] = await Promise.all([
      playAll(world, [{ ...triple, old: triple.next }], { helm: "helm3", isOurs: true }),
      playAll(world, [triple], { helm: "helm3", isOurs: true }),
      playAll(world, [triple], { helm: "helm3", isOurs: false }).catch((error: Error) => error),
    ]);
    expect(differencesOf(ours.left, wanted.left).map(describeDifference)).toEqual([]);
    expect(ours.planned).toBe("");
    const helms = () => {
      if (!(theirs instanceof Error))
        return differencesOf(theirs.left, wanted.left).length > 0 ? "is wrong" : "is right";
      expect(theirs.message).toMatch(/UPGRADE FAILED: cannot patch .* is invalid/);
      return "is refused";
    };
    expect(`Helm ${helms()}`).toBe(`Helm ${helmOnTwins[name]}`);
  });
});
