import { describe, expect, test } from "vitest";
import { fenced, markdownText, table } from "../../src/report/markdown.ts";

describe("text", () => {
  const cases: [name: string, text: string, markdown: string][] = [
    ["markup", "*a* _b_ `c` ~~d~~ # e", "\\*a\\* \\_b\\_ \\`c\\` \\~\\~d\\~\\~ \\# e"],
    ["HTML", '<img src=x onerror="a()">', '&lt;img src=x onerror="a()"&gt;'],
    ["an entity", "&lt;b&gt;", "&amp;lt;b&amp;gt;"],
    ["a link", "[a](https://b.example)", "\\[a\\](https&#58;//b.example)"],
    ["an address", "see https://b.example or www.b.example", "see https&#58;//b.example or www&#46;b.example"],
    ["a list", "- a", "\\- a"],
    ["a numbered list", "1. a", "1\u200b. a"],
    ["a cell's end", "a|b", "a\\|b"],
    ["lines", "a\n\n  b\r\nc", "a b c"],
    ["an image by its digest", "shop@sha256:01", "shop@sha256:01"],
    ["control characters", "a\u001b[31mb\u0007\u202e", "ab"],
    ["a mention and mathematics", "@team $x$", "&#64;\u200bteam &#36;x&#36;"],
    ["references", "see #1, o/r#2 and GH-3, a#b", "see \\#\u200b1, o/r\\#\u200b2 and GH-\u200b3, a\\#b"],
    ["an address of mail", "a@b.example", "a&#64;\u200bb.example"],
  ];
  test.each(cases)("shows %s as it is written", (_, text, markdown) => {
    expect(markdownText(text)).toBe(markdown);
  });

  test("ends at its limit, between two characters", () => {
    expect(markdownText("abcdef", 4)).toBe("abc…");
    expect(markdownText("ab😀def", 4)).toBe("ab…");
  });
});

test("no line can close a fence", () => {
  expect(fenced(["a", "```", "`````# not a heading"])).toBe("``````\na\n```\n`````# not a heading\n``````");
});

test("a table has a row for each", () => {
  expect(table(["A", "B"], [["1", "2"]])).toBe("| A | B |\n| --- | --- |\n| 1 | 2 |");
});
