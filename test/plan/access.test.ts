import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Access, access, type Purpose, purposesOf } from "../../src/plan/access.ts";

const rows = readFileSync("docs/permissions.md", "utf8")
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
const [heads = [], , ...body] = rows;
const columns = heads.map((head) => [...head.matchAll(/`([\w-]+)`/g)].map(([, name]) => name));

const rowOf: Readonly<Record<Exclude<Purpose, "namespaces-create">, RegExp>> = {
  "records-read": /^secrets \(rec/,
  "records-create": /^secrets \(rec/,
  "records-update": /^secrets \(rec/,
  "records-remove": /^secrets \(rec/,
  lock: /^leases/,
  "namespace-read": /^namespaces,/,
  "quotas-read": /^namespaces,/,
  "autoscalers-read": /^namespaces,/,
  "objects-read": /^the chart's/,
  "objects-try": /^the chart's/,
  "objects-compare": /^the chart's/,
  "objects-write": /^the chart's/,
  "objects-remove": /^the chart's/,
  "objects-await": /^the chart's/,
  "hooks-run": /^its hooks/,
  "tests-run": /^its tests/,
  "pods-follow": /^pods(, replicasets|\/log)/,
  "pods-replace": /^pods \(/,
  "previews-furnish": /^(namespaces|resourcequotas|networkpolicies\S*|secrets) \(previews\)/,
};

test.each(Object.entries(purposesOf))("docs/permissions.md says what %s needs", (command, purposes) => {
  const column = columns.findIndex((names) => names.includes(command));
  for (const row of body) {
    const [head = ""] = row;
    const due = (purposes as readonly Purpose[]).filter((purpose) => rowOf[purpose as keyof typeof rowOf].test(head));
    const verbs = new Set(due.flatMap((purpose) => access[purpose].filter(isOf(head)).flatMap(({ verbs }) => verbs)));
    const told = new Set((row[column] ?? "").split(/[ ,]+/).filter((verb) => verb !== ""));
    expect([head, ...[...told].sort()]).toEqual([head, ...[...verbs].sort()]);
  }
});

/** Pods and their evidence share a purpose, and have a row each. */
function isOf(head: string): (part: Access) => boolean {
  const names = (head.split(" (")[0] ?? "").split(", ").map((name) => name.replace(/\..*/, ""));
  return ({ of }) => of === undefined || of === "records" || names.includes(of.resource);
}
