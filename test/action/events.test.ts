import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeBundles } from "../../scripts/bundle.ts";
import { eventRows } from "../github/event-rows.ts";
import { runEvents } from "../github/run-events.ts";
import { toldText } from "../github/told-text.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-events-"));
const bundle = join(folder, "action.js");

beforeAll(async () => {
  await writeBundles(folder, ["action"]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("what GitHub is told", () => {
  test.each(Object.entries(eventRows))("%s", { timeout: 90_000 }, async (name, row) => {
    const told = await runEvents(row, { bundle, folder });
    const text = toldText(told);
    for (const secret of told.secrets) expect(text).not.toContain(secret);
    await expect(text).toMatchFileSnapshot(`../fixtures/github/${name}.txt`);
  });
});
