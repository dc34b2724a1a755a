import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SlipwayError } from "../../src/base/error.ts";
import { fixtures, refusedCases, renderCases } from "../fixtures/render-cases.ts";
import { templateFixture } from "./fixture.ts";

describe.each(["3", "4"] as const)("as Helm %s", (helm) => {
  const golden = (name: string) => readFileSync(join(fixtures, "golden", `helm${helm}`, name), "utf8");
  const cases = renderCases.filter(({ onlyHelm4 }) => helm === "4" || !onlyHelm4);

  test.each(cases)("renders $name", async (item) => {
    expect(await templateFixture(item, helm)).toBe(golden(`${item.name}.yaml`));
  });

  test.each(refusedCases)("refuses $name", async (item) => {
    const failure = await templateFixture(item, helm).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SlipwayError);
    const { message, detail = "" } = failure as SlipwayError;
    expect(golden(`${item.name}.err`)).toContain(item.message);
    expect(`${message}\n${detail}`).toContain(item.message);
  });
});
