import { expect, test } from "vitest";
import { SlipwayError } from "../../src/base/error.ts";
import { type Observation, observe } from "../../src/kube/informer.ts";
import type { KubeClient, KubeObject, WatchEvent } from "../../src/kube/types.ts";

const pod = (name: string, version: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "shop", uid: `uid-${name}`, resourceVersion: version },
});
const gone = new SlipwayError("KUBE_GONE", "too old");

/** Lists and watches as scripted: each list is followed by its events, the last of which may be an error. */
function scripted(...rounds: { list: KubeObject[]; events: (WatchEvent | Error)[] }[]) {
  const watchedFrom: string[] = [];
  let round = -1;
  const client: Pick<KubeClient, "list" | "watch"> = {
    async list() {
      round++;
      return { items: rounds[round]?.list ?? [], resourceVersion: `list-${round}` };
    },
    async *watch(_apiVersion, _kind, selection) {
      watchedFrom.push(selection.resourceVersion);
      for (const event of rounds[round]?.events ?? []) {
        if (event instanceof Error) throw event;
        yield event;
      }
    },
  };
  return { client, watchedFrom };
}

async function observed(rounds: Parameters<typeof scripted>, stopAfter: number) {
  const { client, watchedFrom } = scripted(...rounds);
  const abort = new AbortController();
  const seen: string[] = [];
  const summary = ({ objects, changed, removed }: Observation) => {
    const names = (list: Iterable<KubeObject>) =>
      [...list].map(({ metadata }) => metadata.name + metadata.resourceVersion).join();
    return `${names(objects.values())} | +${names(changed)} | -${names(removed)}`;
  };
  await observe({ client, apiVersion: "v1", kind: "Pod", signal: abort.signal }, (observation) => {
    seen.push(summary(observation));
    if (seen.length === stopAfter) abort.abort();
  });
  return { seen, watchedFrom };
}

test("tells what is there, and then each change", async () => {
  const events: WatchEvent[] = [
    { type: "ADDED", object: pod("b", "2") },
    { type: "BOOKMARK", object: pod("", "3") },
    { type: "MODIFIED", object: pod("a", "4") },
    { type: "DELETED", object: pod("b", "5") },
  ];
  const { seen, watchedFrom } = await observed([{ list: [pod("a", "1")], events }], 4);
  expect(seen).toEqual(["a1 | +a1 | -", "a1,b2 | +b2 | -", "a4,b2 | +a4 | -", "a4 | + | -b5"]);
  expect(watchedFrom).toEqual(["list-0"]);
});

test("says at first that nothing is there", async () => {
  expect((await observed([{ list: [], events: [] }], 1)).seen).toEqual([" | + | -"]);
});

test("after a gap tells only what has changed in it", async () => {
  const rounds = [
    { list: [pod("a", "1"), pod("b", "2"), pod("c", "3")], events: [gone] },
    { list: [pod("a", "1"), pod("b", "7"), pod("d", "8")], events: [gone] },
    {
      list: [pod("a", "1"), pod("b", "7"), pod("d", "8")],
      events: [{ type: "ADDED" as const, object: pod("e", "9") }],
    },
  ];
  const { seen, watchedFrom } = await observed(rounds, 3);
  expect(seen).toEqual(["a1,b2,c3 | +a1,b2,c3 | -", "a1,b7,d8 | +b7,d8 | -c3", "a1,b7,d8,e9 | +e9 | -"]);
  expect(watchedFrom).toEqual(["list-0", "list-1", "list-2"]);
});

test("an object that was made anew under its name is another", async () => {
  const again = { ...pod("a", "9"), metadata: { ...pod("a", "9").metadata, uid: "uid-new" } };
  const rounds = [
    { list: [pod("a", "1")], events: [gone] },
    { list: [again], events: [] },
  ];
  expect((await observed(rounds, 2)).seen).toEqual(["a1 | +a1 | -", "a9 | +a9 | -a1"]);
});

test("rejects with what can't pass by itself", async () => {
  const forbidden = new SlipwayError("KUBE_FORBIDDEN", "no");
  await expect(observed([{ list: [], events: [forbidden] }], 9)).rejects.toBe(forbidden);
});
