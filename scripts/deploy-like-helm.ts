// Deploys charts by Slipway and by Helm 3, one after the other, on a cluster that nobody else uses, and compares all that
// they leave there after an install, an upgrade with changed values, a rollback and an uninstall; then says whether a plan
// right after a deploy is empty.
//
//   KUBECONFIG=... node scripts/deploy-like-helm.ts CHART...
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isJsonObject } from "../src/base/json-path.ts";
import { readYamlPlain } from "../src/base/yaml/read.ts";
import { writeYamlPlain } from "../src/base/yaml/write.ts";
import { makeWorld } from "../test/scenarios/tools.ts";
import { changedValues } from "../test/side-by-side/changed-values.ts";
import { describeDifference, differencesOf } from "../test/side-by-side/differences.ts";
import { leaveNothing } from "../test/side-by-side/leave-nothing.ts";
import { type Played, play, type Story, slipwayFlags } from "../test/side-by-side/play.ts";
import { pathOfPointer, randomPlaces } from "../test/side-by-side/random-places.ts";
import { everyObject } from "../test/side-by-side/snapshot.ts";

const charts = process.argv.slice(2);
const kubeconfig = process.env["KUBECONFIG"];
if (charts.length === 0 || !kubeconfig) {
  console.error("Name charts, and a cluster of your own: KUBECONFIG=... node scripts/deploy-like-helm.ts CHART...");
  process.exit(2);
}

const namespace = "side-by-side";
const folder = mkdtempSync(join(tmpdir(), "slipway-side-"));
const world = await makeWorld(kubeconfig);
const { gitVersion } = await world.kube.discovery.version();
const before = new Set((await everyObject(world.kube)).map(({ metadata }) => metadata.uid));
let failed = 0;
for (const [index, chart] of charts.entries()) {
  try {
    if (!(await compare(chart, join(folder, `${index}.yaml`)))) failed += 1;
  } catch (error) {
    failed += 1;
    console.log(`${chart}: ${error instanceof Error ? error.message : error}`);
  } finally {
    await leaveNothing(world, before, namespace);
  }
}
world.close();
rmSync(folder, { recursive: true });
process.exit(failed === 0 ? 0 : 1);

async function compare(chart: string, changed: string): Promise<boolean> {
  writeFileSync(changed, writeYamlPlain(await valuesThatRender(chart)));
  const story: Story = {
    chart,
    helm: "helm3",
    changed,
    wait: false,
    isOurs: ({ metadata }) => !before.has(metadata.uid),
  };
  const isRandom = await randomPlaces(world, [...templateWords(chart), "-f", changed], namespace);
  const theirs = await playAll("helm3", story, isRandom);
  await leaveNothing(world, before, namespace);
  const ours = await playAll("slipway", story, isRandom);
  let same = true;
  for (const [index, { scene, left, ms }] of ours.played.entries()) {
    const other = theirs.played[index];
    const all = differencesOf(left, other?.left ?? new Map());
    const found = all.filter((difference) => !isRandom(difference));
    const kinds = new Set([...left.keys()].map((key) => key.split(" ").slice(0, 2).join(" ")));
    const times = `${Math.round(ms)} ms, Helm ${Math.round(other?.ms ?? 0)} ms`;
    const drawn = all.length > found.length ? `, ${all.length - found.length} drawn by lot` : "";
    console.log(
      `${chart}: ${scene}: ${left.size} objects of ${kinds.size} kinds, ${found.length} differences${drawn} (${times})`,
    );
    for (const difference of found.slice(0, 20)) console.log(`    ${describeDifference(difference)}`);
    if (found.length > 0) same = false;
  }
  for (const text of ours.plans) console.log(`${chart}: not empty after ${text}`);
  return same && ours.plans.length === 0;
}

type IsRandom = Awaited<ReturnType<typeof randomPlaces>>;

async function playAll(tool: "slipway" | "helm3", story: Story, isRandom: IsRandom) {
  const played: Played[] = [];
  const plans: string[] = [];
  for await (const scene of play(world, tool, story, namespace)) {
    played.push(scene);
    if (tool !== "slipway" || scene.scene === "uninstall") continue;
    const left = (await planned(story, scene)).filter((place) => !isRandom(place));
    plans.push(...left.map(({ object, path }) => `${scene.scene}: ${object} ${path}`));
  }
  return { played, plans };
}

/** The places that a plan right after the scene would change. */
async function planned(story: Story, { scene }: Played): Promise<{ object: string; path: string }[]> {
  const values = scene === "upgrade" ? ["-f", story.changed] : [];
  const words = [
    "plan",
    "it",
    story.chart,
    "-n",
    namespace,
    ...slipwayFlags(story),
    ...values,
    "--exit-code",
    "-o",
    "json",
  ];
  const { code, out, err } = await world.slipway(...words);
  if (code === 1) throw new Error(err);
  const { objects } = JSON.parse(out) as Planned;
  return objects.flatMap(({ action, ref: { apiVersion, kind, name }, patch }) => {
    if (action === "nothing" || action === "keep") return [];
    const object = `${apiVersion} ${kind} ${name}`;
    if (action === "create" || action === "delete") return [{ object, path: action }];
    return patch.map(({ path }) => ({ object, path: pathOfPointer(path) }));
  });
}

type Planned = {
  objects: {
    action: string;
    ref: { apiVersion: string; kind: string; name: string };
    patch: { path: string }[];
  }[];
};

function templateWords(chart: string): string[] {
  return ["it", chart, "-n", namespace, "--kube-version", gitVersion];
}

/** Of the values made for the chart, those with which it renders: a group that breaks it is left out. */
async function valuesThatRender(chart: string) {
  const { out } = await world.helm3("show", "values", chart);
  const defaults = readYamlPlain(out, { source: "values.yaml" });
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(changedValues(isJsonObject(defaults) ? defaults : {}))) {
    const path = join(folder, "try.yaml");
    writeFileSync(path, writeYamlPlain({ ...values, [key]: value }));
    const { code } = await world.helm3("template", ...templateWords(chart), "-f", path);
    if (code === 0) values[key] = value;
  }
  return values;
}
