import { isJsonObject } from "../../base/json-path.ts";
import { groupOf, refOf } from "../../kube/ref.ts";
import type { KubeObject } from "../../kube/types.ts";
import { pathText } from "../list-items.ts";
import { withoutSecretValues, withoutServerFields } from "../operations.ts";
import { applyPatch, threeWayPatch } from "../three-way.ts";
import type { Patch } from "../types.ts";
import { addedByHand } from "./added-by-hand.ts";
import { asLive } from "./as-live.ts";
import { differencesBetween } from "./differences.ts";
import { ownerOf, selectsItem, writersOf } from "./field-owner.ts";
import { isController } from "./managers.ts";
import { spelledAlike } from "./same-quantities.ts";
import { shownValues } from "./shown-values.ts";
import type { Difference, FieldDrift, LeftOut, Step, Writer } from "./types.ts";

const maxRounds = 20;

export type CompareInput = {
  /** As the manifest has it, with its owner's marks. */
  desired: KubeObject;
  live: KubeObject;
  /** When the revision was deployed, RFC 3339: what people added before was there when it was. */
  since: string;
  /** What rules leave out. */
  pointers: readonly string[];
  /** The autoscaler that decides how many pods there are, where there is one. */
  autoscaler?: string;
};

export type Compared = {
  fields: FieldDrift[];
  leftOut: LeftOut[];
  /** What the object is to be: as it is live, but for these fields. Without what the server manages. */
  expected: KubeObject;
  /** The places that stay as they are, as pointers into the live object. */
  leftAlone: string[];
};

/** The manifest's object in the form in which the cluster keeps the live one, so that equal ones look equal. */
export function comparable(desired: KubeObject, live: KubeObject): KubeObject {
  return spelledAlike(asKept(desired), live);
}

function asKept(object: KubeObject): KubeObject {
  const { status: _, ...rest } = object;
  const { stringData, ...secret } = rest;
  if (object.kind !== "Secret" || groupOf(object.apiVersion) !== "" || !isJsonObject(stringData))
    return rest as KubeObject;
  const data = Object.entries(stringData).map(([key, value]) => [key, Buffer.from(String(value)).toString("base64")]);
  const known = isJsonObject(rest["data"]) ? rest["data"] : {};
  return { ...secret, data: { ...known, ...Object.fromEntries(data) } } as KubeObject;
}

/**
 * What has to be asked of the server to know whether the manifest's fields are as it says; `undefined` where they are
 * without asking.
 */
export function patchToAsk({ desired, live }: { desired: KubeObject; live: KubeObject }): Patch | undefined {
  return threeWayPatch({ base: desired, desired, live });
}

/** Whether nothing but what people added can differ. */
export function hasAdditions({ desired, live, since }: CompareInput): boolean {
  return addedByHand(live, desired, since).length > 0;
}

/**
 * What differs of an object that is there. `answer` is what the server would make of it by the manifest; without one,
 * what we work out ourselves.
 */
export function compare(input: CompareInput, answer: KubeObject | undefined): Compared {
  const live = withoutServerFields(input.live);
  const writers = writersOf(input.live);
  const leftOut: LeftOut[] = [];
  const leftAlone: string[] = [];
  let expected = byManifest(input, answer);
  const leave = (pointer: string, why: Omit<LeftOut, "ref" | "path">) => {
    const next = asLive(expected, live, pointer);
    const places = differencesBetween(next, expected).map(({ steps }) => textOf(steps));
    const ref = refOf(input.desired);
    leftAlone.push(pointer);
    leftOut.push(...places.map((path) => ({ ref, ...(path ? { path } : {}), ...why })));
    expected = next;
  };
  for (const pointer of input.pointers) leave(pointer, { reason: "rule" });
  if (input.autoscaler) leave("/spec/replicas", { reason: "autoscaler", by: input.autoscaler });
  // Of many differences only the first are told.
  for (let round = 0; round < maxRounds; round++) {
    const kept = differencesBetween(live, expected).flatMap((difference) => {
      const { manager } = writerOf(writers, difference) ?? {};
      return manager !== undefined && isController(manager) ? [{ manager, pointer: difference.pointer }] : [];
    });
    if (kept.length === 0) break;
    for (const { manager, pointer } of kept) leave(pointer, { reason: "controller", by: manager });
  }
  const hidden = differencesBetween(withoutSecretValues(live), withoutSecretValues(expected, live));
  const fields = hidden.map((difference): FieldDrift => {
    const writer = writerOf(writers, difference);
    const place = { path: textOf(difference.steps), pointer: difference.pointer };
    return { ...place, ...shownValues(difference), ...(writer ? { writer } : {}) };
  });
  return { fields, leftOut, expected, leftAlone };
}

function textOf(steps: readonly Step[]): string {
  return pathText(steps.map(({ text }) => text));
}

// What was taken away is nobody's any more.
function writerOf(writers: ReturnType<typeof writersOf>, { live, steps }: Difference): Writer | undefined {
  return live === undefined ? undefined : ownerOf(writers, steps);
}

/** The live object as the manifest would have it, and without what people added. */
function byManifest({ live, desired, since }: CompareInput, answer: KubeObject | undefined): KubeObject {
  const patch = answer === undefined ? patchToAsk({ desired, live }) : undefined;
  const made = withoutServerFields(answer ?? (patch ? applyPatch(live, patch) : live));
  const added = addedByHand(live, desired, since);
  return added.reduce<unknown>((object, steps) => remove(object, steps, desired), made) as KubeObject;
}

/** Without the part at the end of the steps, and without what held nothing else and is not in the manifest either. */
function remove(object: unknown, [step, ...rest]: readonly Step[], desired: unknown): unknown {
  if (step === undefined) return undefined;
  if (Array.isArray(object)) {
    const isMeant = (item: unknown) => selectsItem(step.key ?? "", item);
    const index = object.findIndex(isMeant);
    if (index < 0) return object;
    const inside = remove(object[index], rest, Array.isArray(desired) ? desired.find(isMeant) : undefined);
    const items = object.flatMap((item: unknown, at) => (at !== index ? [item] : inside === undefined ? [] : [inside]));
    return items.length === 0 && desired === undefined ? undefined : items;
  }
  const { member } = step;
  if (!isJsonObject(object) || member === undefined || !Object.hasOwn(object, member)) return object;
  const wanted = isJsonObject(desired) && Object.hasOwn(desired, member) ? desired[member] : undefined;
  const { [member]: value, ...others } = object;
  const inside = remove(value, rest, wanted);
  if (inside !== undefined) return { ...object, [member]: inside };
  return Object.keys(others).length === 0 && desired === undefined ? undefined : others;
}
