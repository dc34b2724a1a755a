import { expect, test } from "vitest";
import type { Swept } from "../../src/deploy/preview/sweep.ts";
import { markdownLink } from "../../src/report/link.ts";
import { sweptLines, sweptMarkdown } from "../../src/report/preview.ts";
import { type PreviewComment, previewComment } from "../../src/report/preview-comment.ts";

const comment: PreviewComment = {
  state: "up",
  release: "shop",
  namespace: "pr-7-shop",
  commit: "0123456789abcdef",
  url: "https://pr-7.example.com/app",
  expires: Date.UTC(2026, 0, 2),
  runUrl: "https://github.example/o/r/actions/runs/12",
};

test("a preview that is up", () => {
  expect(previewComment(comment)).toBe(`### 🚀 The preview of shop is up

|  |  |
| --- | --- |
| Address | <https://pr-7.example.com/app> |
| Commit | <code>0123456789ab</code> |
| Namespace | <code>pr-7-shop</code> |
| Lives until | 2026-01-02 00:00 UTC |

<sub>[run](https://github.example/o/r/actions/runs/12)</sub>
`);
});

test.each<[PreviewComment["state"], RegExp, RegExp]>([
  ["failed", /❌ The preview of shop could not be brought up/, /Lives until/],
  ["down", /🧹 The preview of shop is gone\n/, /Namespace/],
  ["stuck", /❌ The preview of shop could not be taken down/, /Lives until/],
  ["expired", /its time had passed[\s\S]*The next push brings it up again/, /Namespace/],
])("one that is %s", (state, told, untold) => {
  const text = previewComment({ ...comment, state });
  expect(text).toMatch(told);
  expect(text).not.toMatch(untold);
});

test.each([
  ["https://a.example", "<https://a.example/>"],
  ["https://a.example/a>b", "<https://a.example/a%3Eb>"],
  ["https://a.example/a|b?c=(d)", "<https://a.example/a%7Cb?c=%28d%29>"],
  ["https://a.example/\n[x](y)", "<https://a.example/%5Bx%5D%28y%29>"],
  ["javascript:alert(1)", ""],
  ["nothing", ""],
])("the link of %j", (url, link) => expect(markdownLink(url)).toBe(link));

const swept: Swept[] = [
  { namespace: "pr-1-shop", preview: "github.com/o/r#1 shop", outcome: "removed", why: "its pull request is closed" },
  { namespace: "pr-2-shop", preview: "github.com/o/r#2 shop", outcome: "held", why: "still there", detail: "a\nb" },
  { namespace: "mine", preview: "", outcome: "foreign", why: "it is not <b>marked</b> | @all" },
];

test("what a sweep did, in lines", () => {
  expect(sweptLines(swept)).toEqual([
    "pr-1-shop (github.com/o/r#1 shop) removed: its pull request is closed",
    "pr-2-shop (github.com/o/r#2 shop) does not go: still there",
    "  a",
    "  b",
    "mine is left alone: it is not <b>marked</b> | @all",
    "1 of 3 previews removed; 1 could not be",
  ]);
  expect(sweptLines([])).toEqual(["There are no previews"]);
});

test("what a sweep did, as Markdown that does nothing but show it", () => {
  const text = sweptMarkdown(swept);
  expect(text).toMatch(/^### ❌ 1 of 3 previews removed; 1 could not be\n/);
  expect(text).toContain("is left alone: it is not &lt;b&gt;marked&lt;/b&gt; \\| &#64;");
  expect(text).toContain("```\npr-2-shop:\na\nb\n```");
});
