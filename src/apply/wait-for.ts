import { SlipwayError } from "../base/error.ts";
import { arrayAt, booleanAt } from "../base/json-path.ts";
import { observe } from "../kube/informer.ts";
import { describeRef } from "../kube/ref.ts";
import type { KubeObject, ObjectRef } from "../kube/types.ts";
import { trackRollout } from "../rollout/tracker.ts";
import type { Failure } from "../rollout/types.ts";
import type { ApplyContext } from "./context.ts";
import { removeStuckPods } from "./stuck-pods.ts";

/** What others wait for did not get healthy; `failures` has the evidence. */
export class NotReady extends SlipwayError {
  readonly failures: Failure[];

  constructor(failures: Failure[]) {
    const [first] = failures;
    super("APPLY_FAILED", first?.summary ?? "What other objects wait for did not get ready", {
      ...(first ? { where: describeRef(first.ref) } : {}),
      hint: "Objects that come after it, by annotations of the chart, were not applied.",
    });
    this.failures = failures;
  }
}

/** Waits until the objects are healthy, Jobs complete. Throws NotReady when one is not, or the time is up. */
export async function waitUntilReady(context: ApplyContext, objects: readonly KubeObject[]): Promise<void> {
  const { kube, clock, signal, emit, timeoutMs, isRollback = false } = context;
  await removeStuckPods(context, objects, { isRollback });
  const result = await trackRollout(kube, objects, {
    clock,
    timeoutMs,
    signal,
    waitForJobs: true,
    onChange: ({ ref, health }) => emit({ type: "health", ref, health }),
  });
  if (!result.ok) throw new NotReady(result.failures);
}

/** Waits until the Service of a webhook has an endpoint that is ready. */
export async function waitUntilServed(context: ApplyContext, service: ObjectRef): Promise<void> {
  const { kube, clock, timeoutMs } = context;
  const ended = new AbortController();
  const end = () => ended.abort();
  context.signal.addEventListener("abort", end, { once: true });
  let isServed = false;
  const timer = clock.delay(timeoutMs, ended.signal).then(end, () => {});
  try {
    await observe(
      {
        client: kube,
        apiVersion: "discovery.k8s.io/v1",
        kind: "EndpointSlice",
        selection: {
          labels: { "kubernetes.io/service-name": service.name },
          ...(service.namespace ? { namespace: service.namespace } : {}),
        },
        signal: ended.signal,
      },
      ({ objects }) => {
        isServed = [...objects.values()].some(hasReadyEndpoint);
        if (isServed) end();
      },
    );
  } finally {
    context.signal.removeEventListener("abort", end);
    end();
    await timer;
  }
  context.signal.throwIfAborted();
  if (!isServed) throw notServed(service, timeoutMs);
}

function hasReadyEndpoint(slice: KubeObject): boolean {
  return arrayAt(slice, "endpoints").some((endpoint) => booleanAt(endpoint, "conditions", "ready") !== false);
}

function notServed(service: ObjectRef, timeoutMs: number): SlipwayError {
  const seconds = Math.round(timeoutMs / 1000);
  return new SlipwayError(
    "APPLY_FAILED",
    `No pod behind ${describeRef(service)} got ready within ${seconds} s, and the chart's webhook asks it about objects that come after it`,
    {
      where: describeRef(service),
      hint: "Look at the pods that the Service selects, or give the webhook failurePolicy: Ignore.",
    },
  );
}
