import { SlipwayError } from "../../base/error.ts";
import { stringMapAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { Change } from "../types.ts";
import { graphOf, type Node } from "./graph.ts";
import { type Gate, gatesOf, isIntercepted } from "./webhooks.ts";

/** Changes that need not wait for each other's health, in Helm's order of kinds. */
export type Stage = {
  changes: Change[];
  /** Have to be healthy before it begins. */
  ready: Change[];
  /** Deleted earlier; have to be gone before it begins. */
  gone: Change[];
  /** The Services that have to answer before the one change: webhooks behind them are asked about it. */
  gates: ReadonlyMap<Change, readonly Change[]>;
};

/**
 * The stages in which a plan is carried out: one without annotations that say otherwise, then one of deletions. What is
 * wrong with annotations is left out of account here; `ensureOrder` refuses it.
 */
export function stagesOf(changes: readonly Change[]): Stage[] {
  const [written, taken] = [changes.filter(isWritten), changes.filter((change) => !isWritten(change))];
  const stages = [...writingStages(written), ...deletingStages(taken)];
  return stages.filter((stage) => stage.changes.length > 0);
}

/** The changes in the order of their stages. */
export function inOrder(changes: readonly Change[]): Change[] {
  return stagesOf(changes).flatMap((stage) => stage.changes);
}

/** Throws PLAN_ORDER, naming all that is wrong with what annotations say about the order. */
export function ensureOrder(changes: readonly Change[]): void {
  const written = changes.filter(isWritten);
  if (!written.some(isAnnotated)) return;
  const { problems } = graphOf(written, (change) => change.desired);
  const [first] = problems;
  if (first === undefined) return;
  throw new SlipwayError("PLAN_ORDER", `The order of the chart's objects can't be kept: ${first}`, {
    ...(problems.length > 1 ? { detail: problems.join("\n") } : {}),
    hint: "Mend the annotations of these objects; docs/order.md says what they mean.",
  });
}

function isWritten({ desired }: Change): boolean {
  return desired !== undefined;
}

const mark =
  /^(slipway\.dev\/(depends-on|wave)|werf\.io\/(weight|deploy-dependency-.*)|argocd\.argoproj\.io\/sync-wave)$/;

function isAnnotated({ desired, live }: Change): boolean {
  return Object.keys(stringMapAt(desired ?? live, "metadata", "annotations")).some((name) => mark.test(name));
}

const noGates: Stage["gates"] = new Map();

function writingStages(changes: Change[]): Stage[] {
  if (!changes.some(isAnnotated)) return [{ changes, ready: [], gone: [], gates: gatesIn(changes) }];
  const groups = grouped(changes, (change) => change.desired);
  const gates = gatesIn(groups.flatMap((nodes) => nodes.map(({ change }) => change)));
  let earlier: Change[] = [];
  let waveBefore: Change[] = [];
  return groups.map((nodes, index) => {
    const isNewWave = index > 0 && nodes[0]?.order.wave !== groups[index - 1]?.[0]?.order.wave;
    if (isNewWave) {
      waveBefore = earlier;
      earlier = [];
    }
    const awaited = nodes.flatMap((node) => node.awaits.map(({ change }) => change));
    const own = new Set(nodes.map(({ change }) => change));
    earlier.push(...own);
    const ready = [...new Set([...(isNewWave ? waveBefore : []), ...awaited])].filter((change) => !own.has(change));
    return { changes: [...own], ready, gone: [], gates };
  });
}

function deletingStages(changes: Change[]): Stage[] {
  if (!changes.some(isAnnotated)) return [{ changes, ready: [], gone: [], gates: noGates }];
  let before: Change[] = [];
  return grouped(changes, (change) => change.live)
    .reverse()
    .map((nodes) => {
      const gone = before;
      const own = nodes.map(({ change }) => change);
      before = own.filter(({ action }) => action === "delete");
      return { changes: own, ready: [], gone, gates: noGates };
    });
}

/** By wave and level, those of one stage in the order in which they came. */
function grouped(changes: Change[], objectOf: (change: Change) => KubeObject | undefined): Node[][] {
  const { nodes } = graphOf(changes, objectOf);
  const groups = new Map<string, Node[]>();
  const sorted = [...nodes].sort((a, b) => a.order.wave - b.order.wave || a.level - b.level);
  for (const node of sorted) {
    const key = `${node.order.wave} ${node.level}`;
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }
  return [...groups.values()];
}

/** By the change that has to wait. What serves a webhook itself doesn't wait for it. */
function gatesIn(changes: readonly Change[]): ReadonlyMap<Change, readonly Change[]> {
  const gates = gatesOf(changes);
  if (gates.length === 0) return noGates;
  const found = new Map<Change, Change[]>();
  const open: Gate[] = [];
  for (const change of changes) {
    const services = open
      .filter((gate) => isIntercepted(change, gate) && !serves(change, gate))
      .map(({ service }) => service);
    if (services.length > 0) found.set(change, [...new Set(services)]);
    open.push(...gates.filter(({ configuration }) => configuration === change));
  }
  return found;
}

function serves({ ref, desired }: Change, { service }: Gate): boolean {
  const selector = Object.entries(stringMapAt(service.desired, "spec", "selector"));
  const path = ref.kind === "Pod" ? ["metadata", "labels"] : ["spec", "template", "metadata", "labels"];
  const labels = stringMapAt(desired, ...path);
  return selector.length > 0 && selector.every(([key, value]) => labels[key] === value);
}
