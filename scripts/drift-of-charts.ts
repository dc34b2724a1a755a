// Deploys charts on a cluster that nobody else uses and looks for drift right after it, with client-side patches and with
// server-side apply: whatever is found then is a false alarm. Then takes the label by which Helm marks its objects from
// every object, as somebody might by hand: all of them have to be found, and set back in one run.
//
//   KUBECONFIG=... node scripts/drift-of-charts.ts CHART...
import { basename } from "node:path";
import type { ObjectRef } from "../src/kube/types.ts";
import { makeWorld } from "../test/scenarios/tools.ts";
import { leaveNothing } from "../test/side-by-side/leave-nothing.ts";
import { everyObject } from "../test/side-by-side/snapshot.ts";

const charts = process.argv.slice(2);
const kubeconfig = process.env["KUBECONFIG"];
if (charts.length === 0 || !kubeconfig) {
  console.error("Name charts, and a cluster of your own: KUBECONFIG=... node scripts/drift-of-charts.ts CHART...");
  process.exit(2);
}

const namespace = "drift-of-charts";
const world = await makeWorld(kubeconfig);
const before = new Set((await everyObject(world.kube)).map(({ metadata }) => metadata.uid));
let failed = 0;
for (const chart of charts) {
  for (const method of ["false", "true"]) {
    const name = `${basename(chart)}, server-side=${method}`;
    try {
      const { text, isGood } = await play(chart, method);
      if (!isGood) failed += 1;
      console.log(`${name}: ${text}`);
    } catch (error) {
      failed += 1;
      console.log(`${name}: ${String(error instanceof Error ? error.message : error).slice(0, 1000)}`);
    } finally {
      await leaveNothing(world, before, namespace);
    }
  }
}
world.close();
process.exit(failed === 0 ? 0 : 1);

type Told = {
  compared: number;
  found: {
    state: string;
    error?: { message: string };
    objects: Found[];
    leftOut: { path?: string; reason: string }[];
  }[];
};
type Found = { ref: ObjectRef; change: string; outcome?: string; fields: { path: string }[] };

async function drift(...words: string[]) {
  const started = performance.now();
  const { out, err } = await world.slipway("drift", "it", "-n", namespace, "-o", "json", ...words);
  if (!out.startsWith("{")) throw new Error(err);
  const [release] = (JSON.parse(out) as Told).found;
  if (release === undefined || release.state === "failed") throw new Error(release?.error?.message ?? "No release");
  return { ...release, ms: Math.round(performance.now() - started), compared: (JSON.parse(out) as Told).compared };
}

async function play(chart: string, method: string): Promise<{ text: string; isGood: boolean }> {
  const words = ["it", chart, "-n", namespace, "--create-namespace", "--wait=false", `--server-side=${method}`];
  const deployed = await world.slipway("deploy", ...words, "--timeout", "60s");
  if (deployed.code !== 0) throw new Error(deployed.err);
  const alarms = await drift();
  const later = await drift();
  const all = await drifted();
  const found = await drift();
  const corrected = await drift("--correct");
  const left = await drift();
  const wrong = [...alarms.objects, ...later.objects].flatMap(describe);
  const missed = all.filter(
    ({ kind, name }) => !found.objects.some(({ ref }) => ref.kind === kind && ref.name === name),
  );
  const failures = corrected.objects.filter(({ outcome }) => outcome !== "corrected");
  const problems = [
    ...wrong.map((text) => `    false alarm: ${text}`),
    ...missed.map(({ kind, name }) => `    not found: ${kind} ${name}`),
    ...failures.flatMap(describe).map((text) => `    not set back: ${text}`),
    ...left.objects.flatMap(describe).map((text) => `    left: ${text}`),
  ];
  const counts = `${wrong.length} false alarms, ${all.length} changed, ${found.objects.length} found, ${corrected.objects.length - failures.length} set back, ${left.objects.length} left`;
  const text = `${alarms.compared} objects, ${counts} (${alarms.ms} ms; ${corrected.ms} ms to set back)`;
  return { text: [text, ...problems].join("\n"), isGood: problems.length === 0 };
}

function describe({ ref, change, fields }: Found): string[] {
  const name = `${ref.kind} ${ref.name}`;
  return fields.length === 0 ? [`${name} ${change}`] : fields.map(({ path }) => `${name} ${path}`);
}

/** Takes the mark from every object of the release. */
async function drifted(): Promise<ObjectRef[]> {
  const owner = "meta.helm.sh/release-namespace";
  const objects = (await everyObject(world.kube)).filter(
    ({ metadata }) => metadata.annotations?.[owner] === namespace && metadata.labels?.["app.kubernetes.io/managed-by"],
  );
  const refs = objects.map(({ apiVersion, kind, metadata: { name, namespace: place } }) => ({
    apiVersion,
    kind,
    name,
    ...(place ? { namespace: place } : {}),
  }));
  const body = { metadata: { labels: { "app.kubernetes.io/managed-by": "somebody" } } };
  // A webhook of the chart itself may be asked, and its pods answer nothing on this cluster.
  const ordered = [...refs].sort((a, b) => Number(isWebhook(a)) - Number(isWebhook(b)));
  const made: ObjectRef[] = [];
  for (const ref of ordered) {
    const isMade = await world.kube.patch(ref, "merge", body, { fieldManager: "kubectl-label" }).then(
      () => true,
      () => false,
    );
    if (isMade) made.push(ref);
  }
  return made;
}

function isWebhook({ kind }: ObjectRef): boolean {
  return kind.endsWith("WebhookConfiguration");
}
