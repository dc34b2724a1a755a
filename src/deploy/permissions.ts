import { mapConcurrently } from "../base/concurrency.ts";
import { hasCode, SlipwayError } from "../base/error.ts";
import { booleanAt } from "../base/json-path.ts";
import {
  distinctNeeds,
  isGranted,
  type Missing,
  type Need,
  type Rules,
  readRules,
} from "../plan/hazards/permissions.ts";
import type { Session } from "./options.ts";

const reviews = "/apis/authorization.k8s.io/v1";
const maxConcurrentReviews = 16;

/** Tells what the user may do in a namespace; asks once for each, and `undefined` where nobody says. */
export type RulesReader = (namespace: string) => Promise<Rules | undefined>;

export function rulesReader({ kube }: Pick<Session, "kube">): RulesReader {
  const asked = new Map<string, Promise<Rules | undefined>>();
  return (namespace) => {
    const known = asked.get(namespace) ?? askForRules(namespace);
    asked.set(namespace, known);
    return known;
  };

  async function askForRules(namespace: string): Promise<Rules | undefined> {
    const body = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: { namespace } };
    const review = await orNothing(kube.raw("POST", `${reviews}/selfsubjectrulesreviews`, body));
    return review === undefined ? undefined : readRules(review);
  }
}

/** Those of the needs that are not granted. What the rules leave open, such as all that is cluster-wide, is asked one by one. */
export async function missingPermissions(
  { kube }: Pick<Session, "kube">,
  needs: readonly Need[],
  rulesOf: RulesReader,
): Promise<Missing[]> {
  const distinct = distinctNeeds(needs);
  const namespaces = [...new Set(distinct.flatMap(({ namespace }) => namespace ?? []))];
  const rules = new Map<string, Rules>();
  for (const [index, found] of (await Promise.all(namespaces.map(rulesOf))).entries()) {
    if (found) rules.set(namespaces[index] ?? "", found);
  }
  const open = distinct.filter((need) => !isGranted(need, rules));
  const found = await mapConcurrently(sameButForNames(open), maxConcurrentReviews, async (same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { name, ...all } = first;
    // Whoever may do it to all may do it to one; few may do it to one alone, and those may as a rule to the others, too.
    const isOpen = (await isDenied({ kube }, all)) && (name === undefined || (await isDenied({ kube }, first)));
    return isOpen ? same : [];
  });
  return found.flat();
}

/** Needs that differ in nothing but the object's name, together. */
function sameButForNames(needs: readonly Need[]): Need[][] {
  const groups = new Map<string, Need[]>();
  for (const need of needs) {
    const key = [need.namespace, need.group, need.resource, need.verb].join("|");
    groups.set(key, [...(groups.get(key) ?? []), need]);
  }
  return [...groups.values()];
}

async function isDenied({ kube }: Pick<Session, "kube">, need: Need): Promise<boolean> {
  const { verb, group, namespace, name } = need;
  const [resource, subresource] = need.resource.split("/");
  const resourceAttributes = { verb, group, resource, subresource, namespace, name };
  const body = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec: { resourceAttributes } };
  const review = await orNothing(kube.raw("POST", `${reviews}/selfsubjectaccessreviews`, body));
  return booleanAt(review, "status", "allowed") === false;
}

/** The answer, or nothing: what can't be asked must not stop what may well go. */
export async function orNothing<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof SlipwayError) || hasCode(error, "CANCELLED")) throw error;
    return undefined;
  }
}
