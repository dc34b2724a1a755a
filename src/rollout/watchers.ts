import { SlipwayError } from "../base/error.ts";
import { isJsonObject, numberAt } from "../base/json-path.ts";
import { type Observed, observe } from "../kube/informer.ts";
import { objectKey, refOf } from "../kube/ref.ts";
import type { KubeClient, KubeObject, Selection } from "../kube/types.ts";
import type { Tracked } from "./assess.ts";
import { hasPods, type Owned, sharedPodLabels } from "./new-pods.ts";
import { createOwnedStore, type OwnedStore } from "./store.ts";

/** Keeps what is tracked, and the pods behind it, as the cluster has them. */
export type Watchers = {
  owned: Owned;
  /** Watches the pods, and the ReplicaSets between, of what is tracked in its namespaces; does so once. */
  watchPods(): void;
  /** Settles when the pods that are watched have been seen for the first time, or can't be. */
  podsSeen(): Promise<unknown>;
  /** What could not be watched though the objects themselves could: no permission, as a rule. */
  unread: string[];
  /** Throws what made a tracked object unwatchable. */
  check(): void;
};

type Selected = Pick<Observed, "apiVersion" | "kind" | "selection" | "written">;
type WatchersOptions = { kube: KubeClient; tracked: Tracked[]; signal: AbortSignal; wake: () => void };

/** One watch per kind and namespace, of one object where there is only one; `wake` is called after every change. */
export function startWatchers({ kube, tracked, signal, wake }: WatchersOptions): Watchers {
  const owned: Owned = { replicaSets: createOwnedStore(), pods: createOwnedStore() };
  const unread: string[] = [];
  const firstSights: Promise<unknown>[] = [];
  let failure: unknown;
  let podsAreWatched = false;

  for (const group of groupsOf(tracked)) {
    watchGroup(kube, group, signal, wake).catch((error: unknown) => {
      if (signal.aborted) return;
      failure ??= error;
      wake();
    });
  }

  function watchOwned(store: OwnedStore, selected: Selected): void {
    let seen = () => {};
    firstSights.push(new Promise<void>((resolve) => (seen = resolve)));
    const watching = observe({ client: kube, ...selected, signal }, ({ changed, removed }) => {
      for (const object of removed) store.remove(object);
      for (const object of changed) store.put(object);
      seen();
      wake();
    });
    watching.catch((error: unknown) => {
      seen();
      if (signal.aborted) return;
      // A role may lack pods: the workload's own status still tells when it is done.
      if (error instanceof SlipwayError) unread.push(error.message);
      else failure ??= error;
      wake();
    });
  }

  return {
    owned,
    unread,
    watchPods() {
      if (podsAreWatched) return;
      podsAreWatched = true;
      for (const [namespace, workloads] of workloadsByNamespace(tracked)) {
        const selection = { namespace, labels: sharedPodLabels(workloads) };
        watchOwned(owned.pods, { apiVersion: "v1", kind: "Pod", selection });
        if (workloads.some(({ kind }) => kind === "Deployment")) {
          watchOwned(owned.replicaSets, { apiVersion: "apps/v1", kind: "ReplicaSet", selection });
        }
      }
    },
    podsSeen: () => Promise.all(firstSights),
    check() {
      if (failure !== undefined) throw failure;
    },
  };
}

type Group = { followed: Selected; members: Map<string, Tracked> };

function groupsOf(tracked: Tracked[]): Iterable<Group> {
  const groups = new Map<string, Tracked[]>();
  for (const one of tracked) {
    const { apiVersion, kind, namespace } = one.ref;
    const key = `${apiVersion}/${kind}/${namespace ?? ""}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return Array.from(groups.values(), groupOfSame);
}

function groupOfSame(members: Tracked[]): Group {
  const [first] = members;
  const { apiVersion = "", kind = "", namespace, name } = first?.ref ?? { name: "" };
  const selection: Selection = {
    ...(namespace === undefined ? {} : { namespace }),
    ...(members.length === 1 ? { fieldSelector: `metadata.name=${name}` } : {}),
  };
  const byKey = new Map(members.map((member) => [objectKey(member.ref), member]));
  const written = members.length === 1 && first?.written && isUnseen(first.written) ? { written: first.written } : {};
  return { followed: { apiVersion, kind, selection, ...written }, members: byKey };
}

/** True of what its controller has not taken note of yet: there is more to come, and nothing to be taken for done. */
function isUnseen(written: KubeObject): boolean {
  const { apiVersion, kind, metadata } = written;
  const { status } = written;
  if (kind === "Job" && apiVersion === "batch/v1") return !isJsonObject(status) || Object.keys(status).length === 0;
  const observes = apiVersion === "apps/v1" && ["Deployment", "StatefulSet", "DaemonSet"].includes(kind);
  return observes && (numberAt(status, "observedGeneration") ?? 0) < (metadata.generation ?? 0);
}

async function watchGroup(kube: KubeClient, group: Group, signal: AbortSignal, wake: () => void): Promise<void> {
  const { followed, members } = group;
  const memberOf = (object: KubeObject) => members.get(objectKey(refOf(object)));
  await observe({ client: kube, ...followed, signal }, ({ changed, removed }) => {
    for (const member of members.values()) member.listed = true;
    for (const object of removed) {
      const member = memberOf(object);
      if (member) lose(member, object);
    }
    for (const object of changed) {
      const member = memberOf(object);
      if (member) see(member, object);
    }
    wake();
  });
}

function see(member: Tracked, live: KubeObject): void {
  member.first ??= live;
  member.live = live;
}

// Another of the same name may have come already.
function lose(member: Tracked, last: KubeObject): void {
  if (member.live !== undefined && member.live.metadata.uid !== last.metadata.uid) return;
  member.gone = last;
  delete member.live;
}

function workloadsByNamespace(tracked: Tracked[]): Map<string, KubeObject[]> {
  const byNamespace = new Map<string, KubeObject[]>();
  for (const { ref, live } of tracked) {
    if (live === undefined || ref.namespace === undefined || !hasPods(ref)) continue;
    byNamespace.set(ref.namespace, [...(byNamespace.get(ref.namespace) ?? []), live]);
  }
  return byNamespace;
}
