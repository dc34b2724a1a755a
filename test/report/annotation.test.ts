import { describe, expect, test } from "vitest";
import type { Hazard } from "../../src/plan/types.ts";
import { annotationOf, annotationsOf, type LocateFile } from "../../src/report/annotation.ts";
import type { ErrorFacts, Story } from "../../src/report/story.ts";
import {
  changes,
  deployed,
  failure,
  nothingObserved,
  planned,
  refused,
  rolledBack,
  web,
  withResult,
} from "./stories.ts";

test("a run that did what it should has none", () => {
  expect([annotationOf(deployed), annotationOf(planned)]).toEqual([undefined, undefined]);
});

test("the cause comes first, then what became of the release", () => {
  expect(annotationOf(rolledBack)).toEqual({
    title: "shop was rolled back to revision 1",
    message: `${failure.summary}\nWhat revision 1 deployed runs again, as revision 3.`,
  });
});

test("an error says where, and what to do", () => {
  expect(annotationOf(refused)).toEqual({
    title: "shop was not deployed",
    message: 'function "foo" is not defined (shop/templates/web.yaml:3:7)\nNothing was changed.\nDid you mean "floor"?',
  });
});

test("a cause of many lines is one line of it", () => {
  const annotation = annotationOf(withResult({ cause: `a\n::error::b\u001b[2J${"c".repeat(5000)}` }));
  expect(annotation?.message.split("\n")).toHaveLength(2);
  expect(annotation?.message.length).toBeLessThan(2200);
});

describe("files", () => {
  const hazard = (severity: "error" | "warning", id: string): Hazard => ({
    id,
    severity,
    ref: web,
    field: "spec.replicas",
    message: `Deployment shop/web: ${id}`,
    remedy: "Do this\n  replicas: 1",
  });
  const withError = (error: ErrorFacts, hazards: Hazard[] = []): Story => ({
    ...refused,
    changes,
    ending: { kind: "error", error },
    observed: { ...nothingObserved, hazards },
  });
  const locate: LocateFile = ({ where, field }) =>
    where.startsWith("shop/") ? { file: where.replace(/^shop/, "charts/shop"), line: field ? 4 : 1 } : undefined;
  const told = (story: Story) =>
    annotationsOf(story, locate).map(({ level = "error", title, place }) => [level, title, place?.file, place?.line]);

  const failed = "shop was not deployed";
  const template = "charts/shop/templates/web.yaml";
  const place = (where: string) => ({ where, message: `at '/port': ${where}` });
  const many = (count: number, severity: "error" | "warning") =>
    Array.from({ length: count }, (_, index) => hazard(severity, `kind-${index}`));

  const rows: [name: string, story: Story, expected: unknown[]][] = [
    [
      "a failure of no file",
      withError({ message: "no", where: "elsewhere.yaml" }),
      [["error", failed, undefined, undefined]],
    ],
    [
      "a failure of one",
      withError({ message: "no", where: "shop/templates/web.yaml" }),
      [["error", failed, template, 1]],
    ],
    [
      "one value that the schema refuses",
      withError({ message: "no", code: "VALUES_SCHEMA", places: [place("shop/values.yaml")] }),
      [["error", failed, "charts/shop/values.yaml", 1]],
    ],
    [
      "several values, each at its file, and one that is in none",
      withError({ message: "no", code: "VALUES_SCHEMA", places: ["shop/a.yaml", "--set", "shop/b.yaml"].map(place) }),
      [
        ["error", failed, undefined, undefined],
        ["error", "Refused by the chart's schema", "charts/shop/a.yaml", 1],
        ["error", "Refused by the chart's schema", "charts/shop/b.yaml", 1],
      ],
    ],
    [
      "a hazard, and what is only warned of",
      withError({ message: "no", code: "PLAN_HAZARD" }, [hazard("warning", "scaled"), hazard("error", "immutable")]),
      [
        ["error", failed, template, 4],
        ["warning", "Warning: scaled", template, 4],
      ],
    ],
    [
      "a hazard that was passed over",
      { ...planned, changes, observed: { ...nothingObserved, hazards: [hazard("error", "immutable")] } },
      [["warning", "Hazard: immutable", template, 4]],
    ],
  ];
  test.each(rows)("%s", (_, story, expected) => {
    expect(told(story)).toEqual(expected);
  });

  test("what the headline leaves out stands below it", () => {
    const [annotation] = annotationsOf(withError({ message: "no", places: [place("shop/values.yaml")] }), locate);
    expect(annotation?.message).toBe("no\nat '/port': shop/values.yaml\nNothing was changed.");
    const [same] = annotationsOf(
      withError({ message: "Deployment shop/web: a", code: "PLAN_HAZARD" }, [hazard("error", "a")]),
      locate,
    );
    expect(same?.message).toBe("Deployment shop/web: a\nNothing was changed.");
  });

  test("no more than GitHub shows, the failure first", () => {
    const story = withError({ message: "no", code: "PLAN_HAZARD" }, [...many(30, "warning"), ...many(30, "error")]);
    const levels = told(story).map(([level]) => level);
    expect(levels).toEqual([...Array(10).fill("error"), ...Array(10).fill("warning")]);
    expect(told(story)[0]?.[1]).toBe(failed);
  });
});
