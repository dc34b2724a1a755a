import { expect, test } from "vitest";
import { commentMarkdown } from "../../src/report/comment.ts";
import type { Story } from "../../src/report/story.ts";

const facts = { commit: "0123456789abcdef0123", runUrl: "https://github.example/o/r/actions/runs/1" };

function planned(objects: number, text = "x"): Story {
  const change = (index: number): Story["changes"][number] => ({
    action: "change",
    ref: { apiVersion: "v1", kind: "ConfigMap", namespace: "ns", name: `c-${index}` },
    live: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" }, data: { a: "1" } } as never,
    after: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" }, data: { a: text } } as never,
    operations: [{ op: "replace", path: "/data/a", value: text }],
  });
  return {
    command: "plan",
    release: "shop",
    namespace: "ns",
    cancelled: false,
    changes: Array.from({ length: objects }, (_, index) => change(index)),
    ending: { kind: "planned", notes: "n".repeat(30_000) },
    observed: { hasChanged: false, rollout: [], rollback: [], warnings: [] } as unknown as Story["observed"],
  };
}

test("names the commit and leads to the run", () => {
  const text = commentMarkdown(planned(1), facts);
  expect(text).toMatch(/^### ✅ Plan for shop\n/);
  expect(text).toContain(
    "<sub>Commit <code>0123456789ab</code> · [run](https://github.example/o/r/actions/runs/1)</sub>",
  );
});

test("the largest plan fits a comment, the changes first", () => {
  const story = planned(5000, "long\n".repeat(90));
  for (const change of story.changes) change.reason = "r".repeat(300);
  const text = commentMarkdown(
    { ...story, observed: { ...story.observed, warnings: Array(60).fill("w".repeat(900)) } },
    facts,
  );
  expect(text.length).toBeLessThanOrEqual(60_000);
  expect(text).toContain("… and 4900 more");
  expect(text).toContain("too long for a comment: it is in the summary of the [run]");
});

test("what the cluster says stays text", () => {
  const story = planned(1);
  const [change] = story.changes;
  if (change) change.ref = { ...change.ref, name: "a</code>@everyone [x](https://evil.example) <!-- | \n# head" };
  // In a fence nothing is markup, and nobody is called.
  const text = commentMarkdown(story, facts).replace(/^(`{3,})[\s\S]*?^\1$/gm, "");
  expect(text).toContain("everyone");
  expect(text).not.toMatch(/@everyone|\]\(https:\/\/evil|<!--|\n# head/);
});
