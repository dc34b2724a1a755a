import { isJsonObject } from "../../base/json-path.ts";
import { compileRe2 } from "../../base/re2.ts";
import { groupOf } from "../../kube/ref.ts";
import type { KubeObject } from "../../kube/types.ts";
import { parseSelector, type Selector } from "./label-selector.ts";

/** Says of which fields of an object drift is of no interest; the pointers are RFC 6901. */
export type IgnoreRules = {
  pointersFor(object: KubeObject): string[];
};

export const noRules: IgnoreRules = { pointersFor: () => [] };

type Matcher = (object: KubeObject) => boolean;
type Rule = { paths: string[]; matches: Matcher };

const expressions = ["group", "version", "kind", "name", "namespace"] as const;
const selectors = ["labelSelector", "annotationSelector"] as const;
const maxRules = 1000;

/**
 * Rules as Flux's HelmRelease has them below `driftDetection`: a list, or an object with the list in `ignore`. Gives what
 * is wrong with them, each as a sentence without its period, in place of throwing.
 */
export function parseIgnoreRules(value: unknown): { rules: IgnoreRules; problems: string[] } {
  const detection = isJsonObject(value) ? (value["driftDetection"] ?? value) : value;
  const list = isJsonObject(detection) ? detection["ignore"] : detection;
  if (list === undefined || list === null) return { rules: noRules, problems: [] };
  if (!Array.isArray(list)) return { rules: noRules, problems: ["The rules are not a list"] };
  if (list.length > maxRules) return { rules: noRules, problems: [`There are more than ${maxRules} rules`] };
  const problems: string[] = [];
  const rules = list.map((entry, index) => parseRule(entry, (what) => problems.push(`Rule ${index + 1} ${what}`)));
  const pointersFor = (object: KubeObject) =>
    rules.filter(({ matches }) => matches(object)).flatMap(({ paths }) => paths);
  return { rules: { pointersFor }, problems };
}

function parseRule(entry: unknown, tell: (what: string) => void): Rule {
  const none = { paths: [], matches: () => false };
  if (!isJsonObject(entry)) {
    tell("is not an object");
    return none;
  }
  for (const name of Object.keys(entry))
    if (name !== "paths" && name !== "target") tell(`has an unknown field "${name}"`);
  const paths: unknown[] = Array.isArray(entry["paths"]) ? entry["paths"] : [];
  if (paths.length === 0) tell("has no paths");
  const isPointer = (path: unknown): path is string =>
    typeof path === "string" && (path === "" || path.startsWith("/"));
  for (const path of paths) {
    if (!isPointer(path))
      tell(`has a path that is no JSON pointer, which begins with a slash: ${JSON.stringify(path)}`);
  }
  return { paths: paths.filter(isPointer), matches: parseTarget(entry["target"], tell) };
}

function parseTarget(target: unknown, tell: (what: string) => void): Matcher {
  if (target === undefined || target === null) return () => true;
  if (!isJsonObject(target)) {
    tell("has a target that is not an object");
    return () => false;
  }
  const known: readonly string[] = [...expressions, ...selectors];
  for (const name of Object.keys(target)) if (!known.includes(name)) tell(`has an unknown field "target.${name}"`);
  const matchers = [
    ...expressions.flatMap((name) => fieldMatcher(name, target[name], tell)),
    ...selectors.flatMap((name) => selectorMatcher(name, target[name], tell)),
  ];
  return (object) => matchers.every((matches) => matches(object));
}

function fieldMatcher(name: (typeof expressions)[number], given: unknown, tell: (what: string) => void): Matcher[] {
  if (given === undefined || given === null || given === "") return [];
  const pattern = typeof given === "string" ? compileRe2(`^(?:${given})$`) : { problem: "it is not a text" };
  if ("problem" in pattern) {
    tell(`has a target.${name} that is no regular expression: ${pattern.problem}`);
    return [() => false];
  }
  return [(object) => pattern.matches(partOf(object, name))];
}

function partOf({ apiVersion, kind, metadata }: KubeObject, name: (typeof expressions)[number]): string {
  switch (name) {
    case "group":
      return groupOf(apiVersion);
    case "version":
      return apiVersion.slice(apiVersion.indexOf("/") + 1);
    case "kind":
      return kind;
    default:
      return metadata[name] ?? "";
  }
}

function selectorMatcher(name: (typeof selectors)[number], given: unknown, tell: (what: string) => void): Matcher[] {
  if (given === undefined || given === null || given === "") return [];
  const selector: Selector | undefined = typeof given === "string" ? parseSelector(given) : undefined;
  if (selector === undefined) {
    tell(`has a target.${name} that is no selector such as app=web`);
    return [() => false];
  }
  const field = name === "labelSelector" ? "labels" : "annotations";
  return [({ metadata }) => selector(metadata[field] ?? {})];
}
