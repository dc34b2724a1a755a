import { describeRef, objectKey } from "../../kube/ref.ts";
import { canonicalJson, changedFields } from "../../plan/fields.ts";
import type { Basis } from "./basis.ts";
import { slowHash } from "./hashes.ts";
import { renderedText, savedChart, savedCluster, savedObject, seenText } from "./save.ts";
import type { SavedObject, SavedPlan } from "./types.ts";

/** What is not as it was when the plan was made, a line each. `isRenderedAnew`: the same chart and values gave something else. */
export type Differences = { lines: string[]; isRenderedAnew: boolean };

/** Empty where the plan made now is the saved one. */
export async function differencesFrom(saved: SavedPlan, basis: Basis): Promise<Differences> {
  const target = targetLines(saved, basis);
  // Of another release, or on another cluster, everything differs.
  if (target.length > 0) return { lines: target, isRenderedAnew: false };
  const { salt } = saved;
  const [values, rendered, seen] = await Promise.all([
    slowHash(salt, canonicalJson(basis.values)),
    slowHash(salt, renderedText(basis)),
    slowHash(salt, seenText(basis)),
  ]);
  const given = [
    ...optionLines(saved, basis),
    ...chartLines(saved, basis),
    ...(values === saved.values ? [] : ["the values are not those of the plan"]),
  ];
  const history = historyLines(saved, basis);
  const objects = objectLines(saved, basis);
  const unnamed = [
    ...(rendered === saved.rendered || objects.rendered.length > 0 ? [] : ["what the chart renders is not the same"]),
    // What is rendered decides what is looked at.
    ...(seen === saved.seen || rendered !== saved.rendered || history.length + objects.live.length > 0
      ? []
      : ["what the cluster has is not the same, in a field that can't be told from its hash"]),
  ];
  const isRenderedAnew = given.length + history.length === 0 && rendered !== saved.rendered;
  return { lines: [...given, ...history, ...objects.live, ...objects.rendered, ...unnamed], isRenderedAnew };
}

function targetLines(saved: SavedPlan, { plan, cluster }: Basis): string[] {
  const now = savedCluster(cluster, saved.salt);
  const byUid = saved.cluster.uid !== undefined && now.uid !== undefined;
  const isSame = byUid ? saved.cluster.uid === now.uid : saved.cluster.address === now.address;
  return [
    ...(saved.release === plan.release ? [] : [`the plan is for release ${saved.release}, not for ${plan.release}`]),
    ...(saved.namespace === plan.namespace
      ? []
      : [`the plan is for namespace ${saved.namespace}, not for ${plan.namespace}`]),
    ...(isSame ? [] : [`the plan is for the cluster at ${saved.cluster.server}, and that at ${now.server} is another`]),
  ];
}

function optionLines(saved: SavedPlan, { options }: Basis): string[] {
  return [...new Set([...Object.keys(saved.options), ...Object.keys(options)])].flatMap((name) => {
    const [was, is] = [saved.options[name] ?? "unset", options[name] ?? "unset"];
    return was === is ? [] : [`the plan was made with --${name}=${was}, not with ${is}`];
  });
}

function chartLines({ chart, salt }: SavedPlan, basis: Basis): string[] {
  const now = savedChart(basis.chart, salt);
  if (now.digest === chart.digest) return [];
  const named = `chart ${now.name} ${now.version}`;
  if (chart.name !== now.name || chart.version !== now.version)
    return [`the plan was made from chart ${chart.name} ${chart.version}, not from ${named}`];
  const names = new Set([...Object.keys(chart.files), ...Object.keys(now.files)]);
  const changed = [...names].filter((name) => chart.files[name] !== now.files[name]);
  return changed.length === 0
    ? [`${named} was changed`]
    : changed.map((name) => `${named}: ${name} ${changeOf(chart.files[name], now.files[name])}`);
}

function changeOf(was: unknown, is: unknown): string {
  if (was === undefined) return "is new";
  return is === undefined ? "is gone" : "was changed";
}

function historyLines(saved: SavedPlan, { last, plan }: Basis): string[] {
  if (saved.createNamespace !== plan.createNamespace)
    return [`the namespace ${saved.namespace} was ${saved.createNamespace ? "created" : "deleted"} since`];
  if (last?.revision === saved.last?.revision && last?.status === saved.last?.status) return [];
  const name = (revision: SavedPlan["last"]) =>
    revision === undefined ? "no revision" : `revision ${revision.revision} (${revision.status})`;
  return [`the newest revision is not ${name(saved.last)} any more, but ${name(last)}`];
}

type ObjectLines = { live: string[]; rendered: string[] };

function objectLines(saved: SavedPlan, basis: Basis): ObjectLines {
  const before = byKey(saved.objects);
  const after = byKey(basis.objects.map((object) => savedObject(object, saved.salt, () => false)));
  const pairs = [...new Set([...before.keys(), ...after.keys()])].map(
    (key) => [before.get(key), after.get(key)] as const,
  );
  return {
    live: pairs.flatMap(([was, is]) => told(is ?? was, liveLines(was, is))),
    rendered: pairs.flatMap(([was, is]) => told(is ?? was, renderedLines(was, is))),
  };
}

// One that is to get a generated name has none to go by.
function byKey(objects: readonly SavedObject[]): Map<string, SavedObject> {
  const found = new Map<string, SavedObject>();
  for (const object of objects) {
    const key = `${object.role} ${objectKey(object.ref)}`;
    let at = 0;
    while (found.has(`${key} ${at}`)) at++;
    found.set(`${key} ${at}`, object);
  }
  return found;
}

function told(object: SavedObject | undefined, lines: string[]): string[] {
  if (object === undefined) return [];
  const { role, ref } = object;
  const name = role === "object" ? describeRef(ref) : `${role} ${describeRef(ref)}`;
  return lines.map((line) => `${name}${line}`);
}

function renderedLines(was: SavedObject | undefined, is: SavedObject | undefined): string[] {
  const [before, after] = [was?.desired, is?.desired];
  if (before === undefined) return after === undefined ? [] : [" is new in what the chart renders"];
  if (after === undefined) return [" is no longer in what the chart renders"];
  return fieldLines("is rendered otherwise", changedFields(before, after));
}

function liveLines(was: SavedObject | undefined, is: SavedObject | undefined): string[] {
  const [before, after] = [was?.live, is?.live];
  // Told as what is rendered otherwise: what the cluster has of it was not looked at.
  if ((was === undefined && is?.desired) || (is === undefined && was?.desired)) return [];
  if (before === undefined) return after === undefined ? [] : [" was created in the cluster"];
  if (after === undefined) return [" was deleted from the cluster"];
  const isLeftOver = was?.desired === undefined && is?.desired === undefined;
  if (isLeftOver && was?.action !== is?.action) return [` was planned as ${was?.action}, and is ${is?.action} now`];
  if (was?.uid !== is?.uid) return [" was deleted from the cluster and created anew"];
  return fieldLines("was changed in the cluster", changedFields(before, after));
}

const maxFields = 10;

/** An object that has no fields here, such as a Secret, is named as a whole. */
function fieldLines(what: string, fields: string[]): string[] {
  const lines = fields.slice(0, maxFields).map((field) => (field === "" ? ` ${what}` : `: ${field} ${what}`));
  return fields.length > maxFields ? [...lines, `: ${fields.length - maxFields} more fields`] : lines;
}
