import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { systemClock } from "../../src/base/clock.ts";
import { hasCode } from "../../src/base/error.ts";
import { deploy } from "../../src/deploy/deploy.ts";
import { deployDefaults } from "../../src/deploy/options.ts";
import { secretsDriver } from "../../src/release/secrets-driver.ts";
import { type Ended, runSlipway, type World } from "./tools.ts";

/** What may happen to a release; `at` is the request at which a run is killed. */
export type Step =
  | { do: "deploy" | "fail"; set: string }
  | { do: "kill"; set: string; at: number }
  | { do: "rollback" }
  | { do: "edit"; name: string; fields: object }
  | { do: "delete"; name: string };

const names = ["a", "b", "c"] as const;
const name = fc.constantFrom(...names);
const set = fc
  .record({ value: fc.nat(3), b: fc.boolean(), c: fc.boolean(), port: fc.constantFrom(80, 81), extra: fc.boolean() })
  .map((values) =>
    Object.entries(values)
      .map(([key, value]) => `${key}=${value}`)
      .join(","),
  );
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("deploy" as const), set }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("fail" as const), set }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("kill" as const), set, at: fc.integer({ min: 5, max: 30 }) }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: "rollback" }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("edit" as const),
      name,
      fields: fc.constantFrom(
        { data: { value: "by hand" } },
        { data: { value: null, hand: "1" } },
        { metadata: { labels: { hand: "1" }, annotations: { "example.com/hand": "1" } } },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("delete" as const), name }) },
);

/** Ten of them, and the values of the deploy that follows. */
export const sequence = fc.record({ steps: fc.array(step, { minLength: 10, maxLength: 10 }), last: set });
export type Sequence = { steps: Step[]; last: string };

/** A chart of up to three ConfigMaps and a Service, which fails at what the API server refuses; its folder. */
export function writeChart(): { chart: string; remove(): void } {
  const chart = mkdtempSync(join(tmpdir(), "slipway-sequence-"));
  mkdirSync(join(chart, "templates"));
  const configMap = (of: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${of}\n  labels: {v: "{{ .Values.value }}"}\ndata:\n  value: "{{ .Values.value }}"\n{{ if .Values.extra }}  extra: "1"\n{{ end }}`;
  const files = {
    "Chart.yaml": "apiVersion: v2\nname: it\nversion: 1.0.0\n",
    "values.yaml": "value: 0\nb: true\nc: false\nport: 80\nextra: false\nbroken: false\n",
    "templates/a.yaml": configMap("a"),
    "templates/b.yaml": `{{ if .Values.b }}\n${configMap("b")}{{ end }}`,
    "templates/c.yaml": `{{ if .Values.c }}\n${configMap("c")}{{ end }}`,
    "templates/service.yaml":
      "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: {app: web}\n  ports:\n  - {port: {{ .Values.port }}, name: p{{ .Values.port }}}\n{{ if .Values.extra }}  - {port: {{ .Values.port }}, protocol: UDP, name: udp}\n{{ end }}",
    "templates/broken.yaml":
      "{{ if .Values.broken }}\napiVersion: v1\nkind: Service\nmetadata: {name: broken}\nspec: {ports: [{port: 99999}]}\n{{ end }}",
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(chart, path), text);
  return { chart, remove: () => rmSync(chart, { recursive: true, force: true }) };
}

type Played = { world: World; chart: string; namespace: string };

/** Plays the sequence, deploys once more, and says what a plan of the same would change: nothing. */
export async function planAfter({ steps, last }: Sequence, played: Played): Promise<Ended> {
  const { world, chart, namespace } = played;
  const place = ["-n", namespace, "--kubeconfig", world.kubeconfig];
  const deploying = (values: string) => ["deploy", "it", chart, ...place, "--create-namespace", "--set", values];
  for (const each of steps) {
    if (each.do === "deploy") await runSlipway(deploying(each.set));
    else if (each.do === "fail")
      await runSlipway([...deploying(`${each.set},broken=true`), "--on-failure", "keep", "--ignore-hazards", "all"]);
    else if (each.do === "kill") await killed(played, each);
    else if (each.do === "rollback") await runSlipway(["rollback", "it", ...place]);
    else if (each.do === "edit" || each.do === "delete") await byHand(world, namespace, each);
  }
  const done = await runSlipway(deploying(last));
  if (done.code !== 0) return done;
  return await runSlipway(["plan", "it", chart, ...place, "--set", last, "--exit-code"]);
}

/** A deploy that is over, without another word, when it sends that request; its process is gone then. */
async function killed({ world, chart, namespace }: Played, { set: values, at }: { set: string; at: number }) {
  let left = at;
  let die = () => {};
  const death = new Promise<void>((resolve) => {
    die = resolve;
  });
  const mortal = new Proxy(world.kube, {
    get(kube, name) {
      const value = Reflect.get(kube, name);
      if (typeof value !== "function" || name === "watch") return value;
      return (...given: unknown[]) => {
        if (left-- > 0) return value.apply(kube, given);
        die();
        return new Promise(() => {});
      };
    },
  });
  const session = {
    kube: mortal,
    driver: secretsDriver(mortal, namespace),
    clock: systemClock,
    signal: new AbortController().signal,
    emit: () => {},
  };
  const run = deploy(session, {
    ...deployDefaults,
    release: "it",
    namespace,
    createNamespace: true,
    chart,
    values: { set: [values] },
    timeoutMs: 20_000,
  });
  await Promise.race([run.catch(() => {}), death]);
  await handLeaseToTheDead(world, namespace);
}

// Who looks whether this process lives would find that it does.
async function handLeaseToTheDead({ kube }: World, namespace: string): Promise<void> {
  const { items } = await kube.list("coordination.k8s.io/v1", "Lease", { namespace });
  for (const { metadata, spec } of items) {
    const { holderIdentity } = spec as { holderIdentity?: string };
    if (!holderIdentity) continue;
    const ref = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", namespace, name: metadata.name };
    const holder = holderIdentity.replace(`/${process.pid}`, `/${endedPid}`);
    await kube.patch(ref, "merge", { spec: { holderIdentity: holder } });
  }
}

const endedPid = spawnSync("true").pid;

async function byHand(
  { kube }: World,
  namespace: string,
  step: Extract<Step, { do: "edit" | "delete" }>,
): Promise<void> {
  const ref = { apiVersion: "v1", kind: "ConfigMap", namespace, name: step.name };
  try {
    if (step.do === "delete") await kube.delete(ref);
    else await kube.patch(ref, "merge", step.fields, { fieldManager: "somebody" });
  } catch (error) {
    // What is not there can't be changed.
    if (!hasCode(error, "KUBE_NOT_FOUND")) throw error;
  }
}
