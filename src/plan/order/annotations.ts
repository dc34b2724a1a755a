import { groupOf } from "../../kube/ref.ts";
import type { KubeObject, ObjectRef } from "../../kube/types.ts";

/** Which objects are meant; what is absent matches all. Kinds and groups are compared without regard to case. */
export type Target = { kind?: string; group?: string; namespace?: string; name?: string };

/** `present`: it is there; `ready`: its rollout is healthy, too. */
export type Dependency = { annotation: string; text: string; target: Target; until: "ready" | "present" };

/** What an object's annotations say about its order. `problems` are sentences about what can't be read. */
export type Order = { wave: number; dependencies: Dependency[]; problems: string[] };

export const dependsOnAnnotation = "slipway.dev/depends-on";
export const waveAnnotation = "slipway.dev/wave";
const nelmWeight = "werf.io/weight";
const nelmDependency = "werf.io/deploy-dependency-";
const argoWave = "argocd.argoproj.io/sync-wave";

const unordered: Order = { wave: 0, dependencies: [], problems: [] };

/** Slipway's own annotations, then nelm's, then Argo CD's. What Argo CD can't read counts as wave 0 for it, so it does here. */
export function orderOf({ metadata: { annotations } }: KubeObject): Order {
  if (annotations === undefined) return unordered;
  const problems: string[] = [];
  const dependencies: Dependency[] = [];
  for (const [annotation, text] of Object.entries(annotations)) {
    if (annotation !== dependsOnAnnotation && !annotation.startsWith(nelmDependency)) continue;
    const read = annotation === dependsOnAnnotation ? readDependsOn(text) : readNelm(text);
    if (typeof read === "string") problems.push(`its annotation ${annotation} ${read}`);
    else dependencies.push(...read.map((one) => ({ ...one, annotation })));
  }
  const wave = waveOf(annotations, problems);
  if (wave === 0 && dependencies.length === 0 && problems.length === 0) return unordered;
  return { wave, dependencies, problems };
}

function waveOf(annotations: Record<string, string>, problems: string[]): number {
  for (const name of [waveAnnotation, nelmWeight]) {
    const text = annotations[name];
    if (text === undefined) continue;
    const wave = integer(text);
    if (wave === undefined) problems.push(`its annotation ${name} is "${shown(text)}", not a whole number`);
    return wave ?? 0;
  }
  return integer(annotations[argoWave] ?? "") ?? 0;
}

function integer(text: unknown): number | undefined {
  return typeof text === "string" && /^[+-]?\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
}

type Read = Omit<Dependency, "annotation">[] | string;

/** `[namespace/]kind[.group]/name`, with commas between. */
function readDependsOn(list: string): Read {
  const read: Omit<Dependency, "annotation">[] = [];
  for (const text of words(list)) {
    const parts = text.split("/");
    const name = parts.pop() ?? "";
    const [kind = "", ...group] = (parts.pop() ?? "").split(".");
    const [namespace, ...rest] = parts;
    if (name === "" || kind === "" || namespace === "" || rest.length > 0) {
      return `has "${shown(text)}", which is not [namespace/]kind[.group]/name`;
    }
    const target = {
      kind,
      name,
      ...(group.length > 0 ? { group: group.join(".") } : {}),
      ...(namespace === undefined ? {} : { namespace }),
    };
    read.push({ text, target, until: "ready" });
  }
  return read.length > 0 ? read : "names nothing";
}

const nelmFields: readonly string[] = ["kind", "group", "namespace", "name"];

/** `state=ready|present,kind=…,name=…`, as nelm has it. */
function readNelm(text: string): Read {
  const target: Record<string, string> = {};
  let state = "";
  for (const word of words(text)) {
    const [key = "", value = ""] = word.split(/=(.*)/s);
    if (key === "state") state = value;
    else if (nelmFields.includes(key)) target[key] = value;
    else if (key !== "version") return `has "${shown(word)}", which is not known`;
  }
  if (state !== "ready" && state !== "present") return "has to say state=ready or state=present";
  if (target["kind"] === undefined && target["name"] === undefined) return "names neither a kind nor a name";
  return [{ text, target, until: state }];
}

function words(list: string): string[] {
  return list
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function shown(text: unknown): string {
  return String(text).slice(0, 100);
}

/** Whether the object is meant. Without a namespace that of the object that waits is meant, or none. */
export function isMeant(ref: ObjectRef, { kind, group, namespace, name }: Target, from: ObjectRef): boolean {
  const same = (wanted: string | undefined, is: string) =>
    wanted === undefined || wanted.toLowerCase() === is.toLowerCase();
  const place = namespace ?? from.namespace;
  return (
    same(kind, ref.kind) &&
    same(group, groupOf(ref.apiVersion)) &&
    (name === undefined || name === ref.name) &&
    (place === undefined || ref.namespace === undefined || ref.namespace === place)
  );
}
