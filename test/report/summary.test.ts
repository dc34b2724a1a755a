import { describe, expect, test } from "vitest";
import type { Story } from "../../src/report/story.ts";
import { summaryMarkdown } from "../../src/report/summary.ts";
import { changes, deployed, failure, planned, refused, rolledBack, web, withResult } from "./stories.ts";

const takenBack = withResult({
  status: "uninstalled",
  revision: 0,
  rolledBack: true,
  cause: failure.summary,
  failures: [failure],
});
const kept = withResult({
  status: "failed",
  cause: "pre-upgrade hook Job shop/migration: pod migration-x: Error (exit code 1)",
});
const stuck = withResult({
  status: "failed",
  revision: 3,
  cause: failure.summary,
  rollbackCause: "the cluster is gone",
});
const cancelled = withResult({ status: "failed", cause: "the run was cancelled" }, { cancelled: true });
const finished = withResult(
  { revision: 3, rolledBack: true, cause: 'Upgrade "shop" failed: the run was cancelled' },
  { finishing: { wasTold: true }, changes: [] },
);
const goldens: Record<string, Story> = {
  deployed,
  "rolled-back": rolledBack,
  planned,
  refused,
  "taken-back": takenBack,
  kept,
  stuck,
  cancelled,
  finished,
};

test.each(Object.entries(goldens))("%s", async (name, story) => {
  await expect(summaryMarkdown(story)).toMatchFileSnapshot(`golden/${name}.md`);
});

test("the cause is in the first line", () => {
  const [first] = summaryMarkdown(rolledBack).split("\n");
  expect(first?.replaceAll("\\", "")).toContain(
    "shop was rolled back to revision 1: Deployment shop/web: pod web-6d4-x2x, container web",
  );
});

describe("what a cluster says does nothing but stand there", () => {
  const bad = "</code></details><script>alert(1)</script> [x](https://evil.example) ``` | ::error::x";
  const container = {
    ...(failure.containers[0] ?? { pod: "", container: "", reason: "", message: "", restarts: 0 }),
    logs: ["```", bad],
    reason: bad,
    pod: bad,
  };
  const story = withResult({
    cause: bad,
    notes: `\`\`\`\n${bad}`,
    failures: [{ ...failure, summary: bad, containers: [container] }],
  });
  const text = summaryMarkdown({
    ...story,
    changes: changes.map((change) => ({ ...change, reason: bad, source: bad })),
    observed: {
      ...story.observed,
      warnings: [bad],
      rollout: [{ ref: { ...web, name: bad }, health: { status: "Failed", message: bad } }],
    },
  });
  // Inside of a fence everything is text; a fence ends with at least as many backticks as it began with.
  const outside = text.replace(/^(`{3,}).*\n[\s\S]*?^\1$/gm, "");

  test("outside of fences there is no HTML, no link and no fence", () => {
    expect(outside).not.toMatch(/<script|<\/code><\/details>|[^\\]\]\(|https:\/\/|```/);
  });

  test("a table's rows have its number of cells", () => {
    for (const row of outside.split("\n").filter((line) => line.startsWith("|")))
      expect(row.replace(/\\\|/g, "").split("|")).toHaveLength(5);
  });
});

test("a chart of ten thousand objects and endless texts stay within what GitHub shows", () => {
  const endless = "x".repeat(100_000);
  const many = Array.from({ length: 10_000 }, (_, index) => ({ ...web, name: `web-${index}` }));
  const story = withResult({
    cause: endless,
    notes: `${endless}\n`.repeat(100),
    failures: many.map((ref) => ({
      ...failure,
      ref,
      summary: endless,
      containers: failure.containers.map((found) => ({ ...found, logs: [endless, endless] })),
    })),
  });
  const text = summaryMarkdown({
    ...story,
    changes: many.map((ref) => ({ action: "create", ref, operations: [], reason: endless })),
    observed: {
      hasChanged: true,
      rollout: many.map((ref) => ({ ref, health: failure.health })),
      rollback: [],
      warnings: [],
    },
  });
  expect(text.length).toBeLessThanOrEqual(65_536);
  expect(text).toContain("…");
});
