import { stringAt } from "../base/json-path.ts";
import type { Chart } from "../chart/types.ts";
import { groupOf } from "../kube/ref.ts";
import type { KubeObject } from "../kube/types.ts";
import type { AccessCommand } from "../plan/access.ts";
import { renderChart } from "../render/render-chart.ts";
import type { Capabilities, HelmVersion, HookEvent, Rendered } from "../render/types.ts";
import { mergeLayers, type ValueLayer } from "../values/value-layers.ts";
import { readDocument } from "./objects.ts";
import type { KnownResource, RbacSubject } from "./rbac.ts";

export type BuiltIn = (apiVersion: string, kind: string) => KnownResource | undefined;

/** What is to be allowed for, without the commands and the place. */
export type Kinds = Pick<RbacSubject, "objects" | "hooks" | "tests" | "lookups" | "resourceOf"> & {
  /** Kinds whose name in the API is only guessed, as neither Kubernetes nor the chart defines them. */
  guessed: ReadonlySet<string>;
};

export type ChartOptions = {
  chart: Chart;
  layers: readonly ValueLayer[];
  release: string;
  namespace: string;
  helm: HelmVersion;
  capabilities: Capabilities;
  commands: readonly AccessCommand[];
};

const eventsOf: Partial<Record<AccessCommand, RegExp>> = {
  // A first install that fails is uninstalled, an upgrade that fails is rolled back.
  deploy: /^(pre|post)-/,
  preview: /^(pre|post)-/,
  rollback: /^(pre|post)-rollback$/,
  uninstall: /^(pre|post)-delete$/,
};

/** The kinds that a chart renders with these values, and what its templates look up. */
export async function chartKinds(options: ChartOptions, builtIn: BuiltIn): Promise<Kinds> {
  const { chart, layers, release, namespace, helm, capabilities, commands } = options;
  const lookups = new Map<string, RbacSubject["lookups"][number]>();
  const rendered = await renderChart({
    chart,
    layers,
    config: mergeLayers(layers),
    release: { name: release, namespace, revision: 1, isUpgrade: false },
    helm,
    capabilities,
    lookup(apiVersion, kind, place, name) {
      lookups.set(JSON.stringify([apiVersion, kind, place, name]), { apiVersion, kind, namespace: place, name });
      return undefined;
    },
  });
  const definitions = objectsOf(rendered.crds);
  const objects = [...definitions, ...objectsOf(rendered.manifests)];
  const isDue = (events: readonly HookEvent[]) =>
    events.some((event) => commands.some((command) => eventsOf[command]?.test(event)));
  const hooks = objectsOf(rendered.hooks.filter(({ events }) => isDue(events)));
  const tests = objectsOf(rendered.hooks.filter(({ events }) => events.includes("test")));
  return {
    objects,
    hooks,
    tests,
    lookups: [...lookups.values()],
    ...resources([...objects, ...hooks, ...tests], builtIn),
  };
}

/** Without a chart: the kinds that most charts have. Roles are not among them: who may write those may do all. */
export function usualKinds(builtIn: BuiltIn): Kinds {
  const kinds = (apiVersion: string, ...names: string[]) =>
    names.map((kind) => ({ apiVersion, kind, metadata: { name: "" } }));
  const objects = [
    ...kinds("v1", "ConfigMap", "PersistentVolumeClaim", "Secret", "Service", "ServiceAccount"),
    ...kinds("apps/v1", "DaemonSet", "Deployment", "StatefulSet"),
    ...kinds("autoscaling/v2", "HorizontalPodAutoscaler"),
    ...kinds("batch/v1", "CronJob", "Job"),
    ...kinds("networking.k8s.io/v1", "Ingress", "NetworkPolicy"),
    ...kinds("policy/v1", "PodDisruptionBudget"),
  ];
  const hooks = [...kinds("v1", "ConfigMap", "Secret", "ServiceAccount"), ...kinds("batch/v1", "Job")];
  const tests = [...kinds("v1", "Pod"), ...kinds("batch/v1", "Job")];
  return { objects, hooks, tests, lookups: [], ...resources([], builtIn) };
}

function objectsOf(documents: Rendered["manifests"]): KubeObject[] {
  return documents.flatMap(({ content, source }) => readDocument(content, source).map(({ object }) => object));
}

function resources(objects: readonly KubeObject[], builtIn: BuiltIn): Pick<Kinds, "resourceOf" | "guessed"> {
  const guessed = new Set<string>();
  const defined = new Map(
    objects
      .filter(({ kind }) => kind === "CustomResourceDefinition")
      .map((definition): [string, KnownResource] => {
        const group = stringAt(definition, "spec", "group") ?? "";
        const plural = stringAt(definition, "spec", "names", "plural") ?? "";
        const namespaced = stringAt(definition, "spec", "scope") !== "Cluster";
        return [`${group}/${stringAt(definition, "spec", "names", "kind")}`, { group, plural, namespaced }];
      }),
  );
  const resourceOf = ({ apiVersion, kind }: { apiVersion: string; kind: string }) => {
    const group = groupOf(apiVersion);
    const known = builtIn(apiVersion, kind) ?? defined.get(`${group}/${kind}`);
    if (known !== undefined) return known;
    guessed.add(`${kind} (${apiVersion})`);
    return { group, plural: guessPlural(kind), namespaced: true };
  };
  return { resourceOf, guessed };
}

/** As Kubernetes' own tools guess it. */
function guessPlural(kind: string): string {
  const name = kind.toLowerCase();
  if (name.endsWith("s")) return `${name}es`;
  return name.endsWith("y") ? `${name.slice(0, -1)}ies` : `${name}s`;
}
