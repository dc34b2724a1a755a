import { describe, expect, test } from "vitest";
import { fenced, markdownCode, markdownText, table } from "../../src/report/markdown.ts";
import { neutralLog } from "../../src/report/neutral-log.ts";
import { oneLine, plainText } from "../../src/report/plain-text.ts";
import { hostileLines, hostileText } from "./hostile.ts";
import { pageMistakes } from "./rendered-page.ts";
import { runnerCommands } from "./runner-commands.ts";

const rules = { links: /^$/, titles: /^$/ };
const unseen = /[^\P{Cc}\t\n]|\p{Bidi_Control}/u;

const texts = [...hostileLines, hostileText];

describe("the judge finds what gets out", () => {
  test.each(["::error::owned", "  ::set-output name=a::owned", "a ##[error]owned"])("command %j", (line) => {
    expect(runnerCommands(line)).toHaveLength(1);
  });

  test.each([
    "<img src=a>",
    "[a](https://owned.example)",
    "https://owned.example",
    "www.owned.example",
    "# owned",
    "@owned",
    "\\@owned",
    "&#64;owned",
    "#1",
    "\\#1",
    "GH-1",
    "</details>",
    "<details>",
    "<details><summary>owned</summary></details>",
    "a@owned.example",
  ])("markup %j", (line) => {
    expect(pageMistakes(line, rules)).not.toEqual([]);
  });
});

describe.each(texts)("%j", (text) => {
  test("is no command in a log", () => {
    expect(runnerCommands(neutralLog(plainText(text)))).toEqual([]);
    expect(runnerCommands(neutralLog(`  | ${oneLine(text)}`))).toEqual([]);
  });

  test("moves no cursor and turns no line round", () => {
    expect(plainText(text)).not.toMatch(unseen);
    expect(oneLine(text)).not.toMatch(/\n/);
  });

  test("is text in Markdown", () => {
    const pages = [
      markdownText(text, 5000),
      `a ${markdownText(text, 5000)}`,
      `- ${markdownText(text, 5000)}`,
      markdownCode(text, 5000),
      fenced(text.split("\n")),
      fenced(text.split("\n"), "diff"),
      table(["", ""], [[markdownText(text, 5000), markdownCode(text, 5000)]]),
    ];
    for (const page of pages) expect({ page, mistakes: pageMistakes(page, rules) }).toEqual({ page, mistakes: [] });
  });
});
