import { observe } from "../../src/kube/informer.ts";
import type { KubeClient, KubeObject } from "../../src/kube/types.ts";

const kinds = [
  ["batch/v1", "Job"],
  ["v1", "Pod"],
  ["v1", "ConfigMap"],
] as const;
const selection = { "hooks-like-helm": "yes" };

/** Watches the hooks in a namespace that carry the label `hooks-like-helm`. */
export async function watchHooks(kube: KubeClient, namespace: string) {
  const stop = new AbortController();
  const created = new Map<string, KubeObject>();
  let wake = () => {};
  for (const [apiVersion, kind] of kinds) {
    const labels = { namespace, labels: selection };
    void observe({ client: kube, apiVersion, kind, selection: labels, signal: stop.signal }, ({ changed }) => {
      for (const object of changed) {
        const uid = object.metadata.uid ?? "";
        if (!created.has(uid)) created.set(uid, { ...object, kind });
      }
      wake();
    });
  }
  let marks = 0;

  /** Waits until each watch has told all that happened until now. */
  async function catchUp(): Promise<void> {
    marks += 1;
    const name = `mark-${marks}`;
    const containers = [{ name: "c", image: "registry.example/mark:1" }];
    const specs = {
      Job: { suspend: true, template: { spec: { restartPolicy: "Never", containers } } },
      Pod: { nodeName: "nowhere", containers },
      ConfigMap: undefined,
    };
    for (const [apiVersion, kind] of kinds) {
      const spec = specs[kind];
      const metadata = { name, namespace, labels: selection };
      await kube.create({ apiVersion, kind, metadata, ...(spec ? { spec } : {}) });
    }
    const isThere = () =>
      [...created.values()].filter(({ metadata }) => metadata.name === name).length === kinds.length;
    while (!isThere()) await new Promise<void>((resolve) => (wake = resolve));
  }

  const nameOf = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.name}`;
  const isHook = ({ metadata }: KubeObject) => !metadata.name.startsWith("mark-");
  const seen = new Set<KubeObject>();
  await catchUp();
  return {
    close: () => stop.abort(),
    /** What was created since the last call, in its order, and what is there now. */
    async since(): Promise<{ ran: string[]; left: string[] }> {
      await catchUp();
      const fresh = [...created.values()].filter((object) => !seen.has(object) && isHook(object));
      for (const object of fresh) seen.add(object);
      const lists = await Promise.all(
        kinds.map(async ([apiVersion, kind]) => {
          const { items } = await kube.list(apiVersion, kind, { namespace, labels: selection });
          return items
            .filter((item) => item.metadata.deletionTimestamp === undefined)
            .map((item) => ({ ...item, kind }));
        }),
      );
      // What was created first has the lowest version, also across kinds.
      const order = (object: KubeObject) => Number(object.metadata.resourceVersion);
      return {
        ran: fresh.sort((a, b) => order(a) - order(b)).map(nameOf),
        left: lists.flat().filter(isHook).map(nameOf).sort(),
      };
    },
  };
}
