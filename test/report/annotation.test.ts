import { expect, test } from "vitest";
import { annotationOf } from "../../src/report/annotation.ts";
import { deployed, failure, planned, refused, rolledBack, withResult } from "./stories.ts";

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
