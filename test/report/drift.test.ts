import { describe, expect, test } from "vitest";
import type { DriftReport, ReleaseDrift } from "../../src/deploy/drift/types.ts";
import type { ObjectDrift } from "../../src/plan/drift/types.ts";
import { driftGone, driftIssue, driftMessage, driftSummary } from "../../src/report/drift-markdown.ts";
import { driftLines } from "../../src/report/drift-text.ts";
import { driftHeadline } from "../../src/report/drift-words.ts";
import { noPaint } from "../../src/report/paint.ts";

const ref = { apiVersion: "v1", kind: "Service", namespace: "prod", name: "web" };
const gone: ObjectDrift = { ref, kind: "missing", fields: [] };
const writer = { manager: "kubectl-edit", time: "2026-05-02T03:12:44Z" };
const changed: ObjectDrift = {
  ref: { apiVersion: "apps/v1", kind: "Deployment", namespace: "prod", name: "web" },
  kind: "changed",
  fields: [
    { path: "spec.replicas", pointer: "/spec/replicas", recorded: "2", live: "5", writer },
    { path: "metadata.labels.team", pointer: "/metadata/labels/team", recorded: '"shop"' },
  ],
};
const setBack = (object: ObjectDrift): ObjectDrift => ({ ...object, outcome: "corrected" });

const release = (more: Partial<ReleaseDrift> = {}): ReleaseDrift => ({
  release: "shop",
  namespace: "prod",
  state: "clean",
  revision: 3,
  deployed: "2026-05-01T12:00:05Z",
  compared: 7,
  objects: [],
  leftOut: [],
  warnings: [],
  ...more,
});
const report = (releases: ReleaseDrift[], correct = false): DriftReport => ({ releases, correct });

describe("the first line says how it is", () => {
  test.each<[string, DriftReport]>([
    ["There are no releases to check", report([])],
    ["No drift: 7 objects of 1 release are as recorded", report([release()])],
    ["No drift: 14 objects of 2 releases are as recorded", report([release(), release()])],
    [
      "1 of 2 releases drifted: 2 objects not as recorded",
      report([release({ state: "drifted", objects: [gone, changed] }), release()]),
    ],
    [
      "1 of 1 release drifted: 1 object not as recorded, all set back",
      report([release({ state: "corrected", objects: [setBack(gone)] })], true),
    ],
    [
      "1 of 1 release drifted: 2 objects not as recorded, 1 set back, 1 still differ, 1 release failed",
      report([release({ state: "failed", objects: [setBack(gone), { ...changed, outcome: "failed" }] })], true),
    ],
    [
      "No drift: 7 objects of 3 releases are as recorded, 1 release failed, 1 release skipped",
      report([release(), release({ state: "failed", compared: 0 }), release({ state: "skipped", compared: 0 })]),
    ],
  ])("%s", (line, found) => {
    expect(driftHeadline(found)).toBe(line);
    expect(driftLines(found, noPaint)[0]).toBe(line);
  });
});

test("then what differs, who changed it and when; remarks and what was left out come last", () => {
  const found = report([
    release({ release: "busy", state: "skipped", reason: "revision 4 is pending-upgrade" }),
    release({
      state: "drifted",
      objects: [gone, changed],
      leftOut: [
        { ref, path: "spec.replicas", reason: "autoscaler", by: "HorizontalPodAutoscaler prod/web" },
        { ref, reason: "rule" },
      ],
    }),
    release({ release: "other" }),
  ]);
  expect(driftLines(found, noPaint)).toEqual([
    "1 of 3 releases drifted: 2 objects not as recorded, 1 release skipped",
    "",
    "shop in namespace prod, revision 3 of 2026-05-01 12:00:05: 2 of 7 objects",
    "  - Service prod/web is gone",
    "  ~ Deployment prod/web",
    "      spec.replicas: recorded 2, live 5 (kubectl-edit, 2026-05-02 03:12:44)",
    '      metadata.labels.team: recorded "shop", live nothing',
    "",
    "busy in namespace prod, revision 3 of 2026-05-01 12:00:05: skipped: revision 4 is pending-upgrade",
    "",
    "Left out: 1 by rules, 1 that autoscalers keep",
  ]);
});

// What others write into a cluster, in every place that they can write to.
const nasty = "a\u001b[2J\u202e|</details><img src=x>@everyone\n::error::x [b](https://evil.example) ![c](d)";
const hostile: ObjectDrift = {
  ref: { ...ref, name: nasty },
  kind: "changed",
  note: nasty,
  fields: [
    { path: nasty, pointer: `/${nasty}`, recorded: nasty, live: nasty, writer: { manager: nasty, time: nasty } },
  ],
};
const hostileReport = report([
  release({ state: "failed", objects: [hostile], warnings: [nasty], error: { message: nasty, hint: nasty } }),
  release({ release: "busy", state: "skipped", reason: nasty }),
]);

const marks = ["\u001b", "\u202e", "\n"];
const markup = ["<img", "</details>", "@everyone", "](https://evil", "![c]"];

test("nothing from the cluster is taken for a line, a colour or a command of its own", () => {
  for (const line of driftLines(hostileReport, noPaint)) {
    for (const mark of marks) expect(line).not.toContain(mark);
    expect(line).not.toMatch(/^\s*::/);
  }
});

test("nor for markup", () => {
  const [first] = hostileReport.releases;
  if (first === undefined) throw new Error("No release");
  const url = "https://github.example/o/r/actions/runs/1";
  for (const text of [driftSummary(hostileReport, true), driftIssue(first, url).text, driftGone(first, url).text]) {
    for (const mark of [...marks.slice(0, 2), ...markup]) expect(text).not.toContain(mark);
    // One row for the one field.
    expect(text.split("\n").filter((line) => line.startsWith("| ")).length).toBeLessThanOrEqual(3);
  }
});

test("pages stay below GitHub's limits, however much differs", () => {
  const fields = Array.from({ length: 200 }, (_, index) => ({
    path: `data.k${index}`,
    pointer: "",
    live: "x".repeat(300),
  }));
  const objects = Array.from({ length: 50 }, () => ({ ...changed, fields }));
  const many = report(Array.from({ length: 50 }, () => release({ state: "drifted", objects })));
  expect(driftSummary(many, true).length).toBeLessThan(65_536);
  expect(driftSummary(many, true)).toContain("50 of 50 releases drifted");
  expect(driftLines(many, noPaint).length).toBeLessThan(50 * 1300);
  const [first] = many.releases;
  if (first) expect(driftIssue(first, "https://github.example").text.length).toBeLessThan(65_536);
});

test("an annotation names each object in a line", () => {
  expect(driftMessage(report([release({ state: "drifted", objects: [gone, changed, setBack(gone)] })]))).toEqual([
    "prod/shop: Service prod/web is gone",
    "prod/shop: Deployment prod/web spec.replicas: recorded 2, live 5, …",
  ]);
});
