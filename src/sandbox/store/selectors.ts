import { arrayAt, type JsonObject, valueAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { badRequest } from "../api/status.ts";
import { dictAt, dictsAt, textAt } from "../json.ts";

export type Matcher = (object: KubeObject) => boolean;
type Labels = Record<string, unknown>;

/** Reads a label selector as URLs carry it: `a=b,c!=d,e in (f,g),h notin (i),j,!k,n>1`. */
export function labelSelector(text: string): Matcher {
  const terms = splitTerms(text).map(labelTerm);
  return (object) => {
    const labels: Labels = object.metadata.labels ?? {};
    return terms.every((term) => term(labels));
  };
}

// Commas inside the parentheses of `in` do not part terms.
function splitTerms(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== "");
}

function labelTerm(text: string): (labels: Labels) => boolean {
  const value = (labels: Labels, key: string) => (Object.hasOwn(labels, key) ? labels[key] : undefined);
  const set = /^([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(text);
  if (set !== null) {
    const [, key = "", operator, list = ""] = set;
    const values = list.split(",").map((item) => item.trim());
    return (labels) => values.includes(String(value(labels, key) ?? "\0")) === (operator === "in");
  }
  const comparison = /^([\w./-]+)\s*(==|=|!=|>|<)\s*([\w.-]*)$/.exec(text);
  if (comparison !== null) {
    const [, key = "", operator, wanted = ""] = comparison;
    if (operator === ">") return (labels) => Number(value(labels, key)) > Number(wanted);
    if (operator === "<") return (labels) => Number(value(labels, key)) < Number(wanted);
    return (labels) => (value(labels, key) === wanted) === (operator !== "!=");
  }
  const existence = /^(!?)\s*([\w./-]+)$/.exec(text);
  if (existence === null)
    throw badRequest(`unable to parse requirement: found '${text}', expected: in, notin, =, ==, !=, gt, lt`);
  const [, not, key = ""] = existence;
  return (labels) => Object.hasOwn(labels, key) === (not === "");
}

const fieldsOfKind: Record<string, string[]> = {
  "/pods": [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.nominatedNodeName",
  ],
  "/events": [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
  ],
  "/secrets": ["type"],
  "/namespaces": ["status.phase"],
  "/nodes": ["spec.unschedulable"],
  "/services": ["spec.clusterIP", "spec.type"],
  "/replicationcontrollers": ["status.replicas"],
  "apps/replicasets": ["status.replicas"],
  "batch/jobs": ["status.successful"],
};

/** Reads a field selector: `metadata.name=x,status.phase!=Running`. A kind offers only a few fields. */
export function fieldSelector(text: string, key: string): Matcher {
  const terms = splitTerms(text).map((term) => {
    const parts = /^([\w.]+)(==|=|!=)(.*)$/.exec(term);
    if (parts === null) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    const [, field = "", operator, wanted = ""] = parts;
    const known = field === "metadata.name" || field === "metadata.namespace" || fieldsOfKind[key]?.includes(field);
    if (known !== true) throw unknownField(field, key);
    return (object: KubeObject) => (fieldText(object, field) === wanted) === (operator !== "!=");
  });
  return (object) => terms.every((term) => term(object));
}

function unknownField(field: string, key: string): Error {
  if (Object.hasOwn(fieldsOfKind, key)) return badRequest(`field label not supported: ${field}`);
  return badRequest(`"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`);
}

function fieldText(object: KubeObject, field: string): string {
  if (field === "source") return textAt(object, "source", "component");
  const value = valueAt(object, ...field.split("."));
  if (value === undefined && field.endsWith("unschedulable")) return "false";
  return value === undefined || value === null ? "" : String(value);
}

/** A LabelSelector object, as workloads have it. An empty one selects everything, an absent one nothing. */
export function selectorMatches(selector: unknown, labels: unknown): boolean {
  if (selector === undefined || selector === null) return false;
  const wanted = Object.entries(dictAt(selector, "matchLabels"));
  if (!wanted.every(([key, value]) => valueAt(labels, key) === value)) return false;
  return dictsAt(selector, "matchExpressions").every((expression) => expressionMatches(expression, labels));
}

function expressionMatches(expression: JsonObject, labels: unknown): boolean {
  const value = valueAt(labels, textAt(expression, "key"));
  const values = arrayAt(expression, "values");
  switch (expression["operator"]) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return !values.includes(value);
    case "Exists":
      return value !== undefined;
    default:
      return value === undefined;
  }
}
