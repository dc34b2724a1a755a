import { arrayAt, stringAt } from "../base/json-path.ts";
import { refOf } from "../kube/ref.ts";
import type { KubeObject, ObjectRef } from "../kube/types.ts";
import type { ApplyContext } from "./context.ts";

export type ContainerLog = { container: string; lines: string[] };

const tailLines = 200;

/** The last lines of every container that a hook Job or Pod ran; of those that came before them, too, where asked. */
export async function hookLogs(
  context: ApplyContext,
  ref: ObjectRef,
  { withInit = false } = {},
): Promise<ContainerLog[]> {
  const pods = await podsOf(context, ref);
  const logs = pods.flatMap((pod) =>
    [...(withInit ? arrayAt(pod, "spec", "initContainers") : []), ...arrayAt(pod, "spec", "containers")].map(
      async (container) => {
        const name = stringAt(container, "name") ?? "";
        const options = { container: name, tailLines };
        return { container: `${pod.metadata.name}/${name}`, lines: await context.kube.logs(refOf(pod), options) };
      },
    ),
  );
  return await Promise.all(logs);
}

async function podsOf({ kube, signal }: ApplyContext, ref: ObjectRef): Promise<KubeObject[]> {
  if (ref.kind === "Pod") {
    const pod = await kube.get(ref, { signal });
    return pod ? [pod] : [];
  }
  if (ref.kind !== "Job") return [];
  const selection = { labels: { "job-name": ref.name }, ...(ref.namespace ? { namespace: ref.namespace } : {}) };
  return (await kube.list("v1", "Pod", selection, { signal })).items;
}
