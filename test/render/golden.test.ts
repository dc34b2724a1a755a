import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SlipwayError } from "../../src/base/error.ts";
import { TemplateError } from "../../src/template/template-error.ts";
import { type RefusedCase, refusedCases } from "../fixtures/refused-cases.ts";
import { charts, fixtures, notesCases, renderCases } from "../fixtures/render-cases.ts";
import { renderFixture, templateFixture } from "./fixture.ts";

const golden = (helm: string, name: string) => readFileSync(join(fixtures, "golden", `helm${helm}`, name), "utf8");

/** Helm 4 breaks an error's chain into lines. */
function folded(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** What a failure says without its lead, and what the template engine says behind it, which are Helm's own words. */
function causesOf(failure: SlipwayError): string[] {
  const { message } = failure;
  const reasons: string[] = [];
  for (let error: unknown = failure; error instanceof Error; error = error.cause) {
    if (error instanceof TemplateError) reasons.push(error.reason);
  }
  return [message, message.slice(message.indexOf(": ") + 2), ...reasons.slice(-1)].map(folded);
}

async function failureOf(item: RefusedCase, helm: "3" | "4"): Promise<SlipwayError> {
  const failure = await templateFixture(item, helm).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(SlipwayError);
  return failure as SlipwayError;
}

describe.each(["3", "4"] as const)("as Helm %s", (helm) => {
  const cases = renderCases.filter(({ onlyHelm4 }) => helm === "4" || !onlyHelm4);

  test.each(cases)("renders $name", async (item) => {
    expect(await templateFixture(item, helm)).toBe(golden(helm, `${item.name}.yaml`));
  });

  test.each(refusedCases)("refuses $name", async (item) => {
    const failure = await failureOf(item, helm);
    const theirs = folded(golden(helm, `${item.name}.err`));
    if (item.message === undefined) {
      const causes = causesOf(failure);
      expect(
        causes.some((cause) => theirs.includes(cause)),
        `${causes.join("\n")}\n${theirs}`,
      ).toBe(true);
    } else {
      expect(theirs).toContain(item.message);
      expect(folded(`${failure.message} ${failure.detail ?? ""}`)).toContain(item.message);
    }
  });
});

test.each(notesCases)("the notes of $name", async (item) => {
  const { notes } = await renderFixture(item, "4");
  // Helm shows them without the blanks around them.
  expect(`${notes.trim()}\n`).toBe(golden("4", `${item.name}.notes.txt`));
});

test("every chart has its case", () => {
  const used = new Set([...renderCases, ...refusedCases].map(({ chart }) => chart));
  expect(charts.filter((chart) => !used.has(chart))).toEqual([]);
});
