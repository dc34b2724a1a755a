import { isJsonObject, type JsonObject } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { isWhole, selectsItem, timeOf, writersOf } from "./field-owner.ts";
import { isByHand } from "./managers.ts";
import type { Step } from "./types.ts";

const maxFields = 500;

/**
 * The fields that people added since the time to an object, and of which its manifest does not speak; for each one way
 * into the live object. What a controller, a webhook or the server adds is none of them, nor is how many pods there are
 * where the manifest leaves that open.
 */
export function addedByHand(live: KubeObject, desired: KubeObject, since: string): Step[][] {
  const from = Date.parse(since);
  const found: Step[][] = [];
  for (const writer of writersOf(live)) {
    const isLater = Number.isNaN(from) || timeOf(writer) > from;
    if (!isLater || !isByHand(writer.manager) || writer.subresource) continue;
    visit(writer.fields, live, desired, []);
  }
  return found;

  function visit(fields: JsonObject, now: unknown, wanted: unknown, steps: Step[]): void {
    for (const [key, inside] of Object.entries(fields)) {
      if (found.length >= maxFields || !isJsonObject(inside)) return;
      const entry = enter(key, now, wanted);
      if (entry === undefined || entry.now === undefined) continue;
      const path = [...steps, entry.step];
      if (isLeftAlone(path)) continue;
      const isTogether = !isApart(entry.step) && isAllOf(inside, entry.now);
      if (entry.wanted === undefined && isTogether) found.push(path);
      else if (isWhole(inside)) found.push(...newMembers(entry.now, entry.wanted).map((step) => [...path, step]));
      else visit(inside, entry.now, entry.wanted, path);
    }
  }
}

type Entry = { step: Step; now: unknown; wanted: unknown };

function enter(key: string, now: unknown, wanted: unknown): Entry | undefined {
  if (key.startsWith("f:")) {
    const member = key.slice(2);
    return { step: { text: member, member }, now: memberOf(now, member), wanted: memberOf(wanted, member) };
  }
  if (!Array.isArray(now)) return undefined;
  const item: unknown = now.find((one) => selectsItem(key, one));
  if (item === undefined) return undefined;
  const twin: unknown = Array.isArray(wanted) ? wanted.find((one) => selectsItem(key, one)) : undefined;
  return { step: { text: "[]", item, key }, now: item, wanted: twin };
}

// Of a map that is owned as a whole, the set of fields doesn't tell the members.
function newMembers(now: unknown, wanted: unknown): Step[] {
  if (!isJsonObject(now) || !isJsonObject(wanted)) return [];
  return Object.keys(now)
    .filter((member) => !Object.hasOwn(wanted, member))
    .map((member) => ({ text: member, member }));
}

function memberOf(value: unknown, member: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, member) ? value[member] : undefined;
}

/** Whether the set of fields is all that the value has. */
function isAllOf(fields: JsonObject, value: unknown): boolean {
  if (isWhole(fields)) return true;
  const keys = Object.keys(fields);
  if (Array.isArray(value)) return value.every((item) => keys.some((key) => selectsItem(key, item)));
  return isJsonObject(value) && Object.keys(value).every((member) => keys.includes(`f:${member}`));
}

const metadataFields = new Set(["labels", "annotations"]);
const notedByKubectl = /^(kubectl|deployment)\.kubernetes\.io\/|^kubernetes\.io\/change-cause$|^slipway\.dev\//;

// What tools note there for themselves stays, beside what people write.
function isApart({ member }: Step): boolean {
  return member === "metadata" || member === "annotations";
}

function isLeftAlone(path: readonly Step[]): boolean {
  const [first, second] = path.map(({ member }) => member);
  if (first === "status" || first === "apiVersion" || first === "kind") return true;
  if (first === "metadata" && second !== undefined && !metadataFields.has(second)) return true;
  if (first === "spec" && second === "replicas") return true;
  return path.at(-2)?.member === "annotations" && notedByKubectl.test(path.at(-1)?.member ?? "");
}
