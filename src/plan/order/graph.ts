import { stringAt } from "../../base/json-path.ts";
import { describeRef, groupOf } from "../../kube/ref.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { Change } from "../types.ts";
import { type Dependency, isMeant, type Order, orderOf } from "./annotations.ts";
import { isWebhookConfiguration } from "./webhooks.ts";

/** `steps`: 1 where a stage has to lie between the two, 0 where Helm's order of kinds within one will do. */
type Edge = { to: Node; steps: 0 | 1 };

/** One change and what it comes after. `level` counts the stages of its wave before its own. */
export type Node = {
  change: Change;
  order: Order;
  edges: Edge[];
  /** What has to be healthy before it. */
  awaits: Node[];
  level: number;
};

export type Graph = { nodes: Node[]; problems: string[] };

/** The changes as a graph of what comes after what, each with its level; all that is wrong with it are `problems`. */
export function graphOf(changes: readonly Change[], objectOf: (change: Change) => KubeObject | undefined): Graph {
  const nodes = changes.map((change): Node => {
    const object = objectOf(change);
    const order: Order = object ? orderOf(object) : { wave: 0, dependencies: [], problems: [] };
    return { change, order, edges: [], awaits: [], level: 0 };
  });
  const problems = nodes.flatMap((node) => node.order.problems.map((problem) => `${nameOf(node)}: ${problem}`));
  const named = new Map<string, Node[]>();
  for (const node of nodes) push(named, node.change.ref.name, node);
  for (const node of nodes) {
    for (const dependency of node.order.dependencies) {
      const { name } = dependency.target;
      link(node, dependency, name === undefined ? nodes : (named.get(name) ?? []), problems);
    }
  }
  linkNeeds(nodes, problems);
  linkWebhooks(nodes);
  const circle = setLevels(nodes);
  if (circle.length > 0) problems.push(`it goes in a circle: ${circle.join(" → ")}`);
  return { nodes, problems };
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function nameOf({ change }: Node): string {
  return describeRef(change.ref);
}

function link(
  node: Node,
  { annotation, text, target, until }: Dependency,
  candidates: readonly Node[],
  problems: string[],
): void {
  const from = node.change.ref;
  const meant = candidates.filter(({ change }) => isMeant(change.ref, target, from));
  const others = meant.filter((other) => other !== node);
  const says = `its annotation ${annotation} names "${text.slice(0, 200)}"`;
  if (meant.length === 0) problems.push(`${nameOf(node)}: ${says}, which is no object of this release`);
  else if (others.length === 0) problems.push(`${nameOf(node)} waits for itself: ${says}`);
  for (const other of others) connect(node, other, { steps: 1, until, problems });
}

type Connection = { steps: 0 | 1; until: Dependency["until"]; problems: string[] };

function connect(node: Node, to: Node, { steps, until, problems }: Connection): void {
  const [wave, later] = [node.order.wave, to.order.wave];
  if (later > wave) {
    problems.push(
      `${nameOf(node)} (wave ${wave}) → ${nameOf(to)} (wave ${later}): the first waits for the second, and its wave comes first`,
    );
  } else {
    if (until === "ready") node.awaits.push(to);
    if (later === wave) node.edges.push({ to, steps });
  }
}

/** What an object can't be without: its namespace and its kind's definition, where the chart has them. */
function linkNeeds(nodes: Node[], problems: string[]): void {
  const needed = new Map<string, Node>();
  for (const node of nodes) {
    const { ref } = node.change;
    if (ref.kind === "Namespace" && ref.apiVersion === "v1") needed.set(`namespace ${ref.name}`, node);
    if (ref.kind === "CustomResourceDefinition") needed.set(`kind ${definedKind(node.change)}`, node);
  }
  if (needed.size === 0) return;
  for (const node of nodes) {
    const { apiVersion, kind, namespace } = node.change.ref;
    for (const need of [`namespace ${namespace}`, `kind ${groupOf(apiVersion)}/${kind}`]) {
      const to = needed.get(need);
      if (to === undefined || to === node) continue;
      // What the cluster has already is no reason to wait.
      if (to.order.wave > node.order.wave && to.change.live !== undefined) continue;
      connect(node, to, { steps: 0, until: "present", problems });
    }
  }
}

function definedKind({ desired, live }: Change): string {
  const definition = desired ?? live;
  return `${stringAt(definition, "spec", "group")}/${stringAt(definition, "spec", "names", "kind")}`;
}

/**
 * In Helm's order a webhook comes when what may serve it is there; where stages move that, the webhook moves along, and
 * what comes after it in Helm's order stays after it.
 */
function linkWebhooks(nodes: Node[]): void {
  if (nodes.every(({ edges }) => edges.length === 0)) return;
  nodes.forEach((node, index) => {
    if (!isWebhookConfiguration(node.change) && node.change.ref.kind !== "APIService") return;
    const after = dependentsOf(node, nodes);
    nodes.forEach((other, place) => {
      if (other === node || other.order.wave !== node.order.wave || isWebhookConfiguration(other.change)) return;
      if (place < index && !after.has(other)) node.edges.push({ to: other, steps: 0 });
      if (place > index && !after.has(other) && !reaches(node, other)) other.edges.push({ to: node, steps: 0 });
    });
  });
}

function dependentsOf(node: Node, nodes: readonly Node[]): Set<Node> {
  const found = new Set([node]);
  const before = new Map<Node, Node[]>();
  for (const one of nodes) for (const { to } of one.edges) push(before, to, one);
  for (const one of found) for (const dependent of before.get(one) ?? []) found.add(dependent);
  return found;
}

function reaches(node: Node, wanted: Node): boolean {
  const seen = new Set([node]);
  for (const one of seen) for (const { to } of one.edges) seen.add(to);
  return seen.has(wanted);
}

/** Sets each node's level to the longest way behind it; where there is a circle, its names. */
function setLevels(nodes: readonly Node[]): string[] {
  const open = new Map(nodes.map((node) => [node, node.edges.length]));
  const dependents = new Map<Node, { node: Node; steps: number }[]>();
  for (const node of nodes) {
    for (const { to, steps } of node.edges) push(dependents, to, { node, steps });
  }
  const free = new Set(nodes.filter((node) => node.edges.length === 0));
  for (const done of free) {
    for (const { node, steps } of dependents.get(done) ?? []) {
      node.level = Math.max(node.level, done.level + steps);
      const left = (open.get(node) ?? 0) - 1;
      open.set(node, left);
      if (left === 0) free.add(node);
    }
  }
  const [stuck] = nodes.filter((node) => !free.has(node));
  return stuck === undefined ? [] : circleFrom(stuck, free);
}

function circleFrom(start: Node, free: ReadonlySet<Node>): string[] {
  const way: Node[] = [];
  let node: Node | undefined = start;
  while (node !== undefined && !way.includes(node)) {
    way.push(node);
    node = node.edges.find(({ to }) => !free.has(to))?.to;
  }
  const circle = node === undefined ? way : [...way.slice(way.indexOf(node)), node];
  return circle.map(nameOf);
}
