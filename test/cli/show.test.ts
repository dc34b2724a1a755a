import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeChart } from "./chart-folder.ts";
import { commandLine } from "./command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "show-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("values are picked by a JSONPath", async () => {
  const chart = writeChart(join(folder, "shop"), {
    "values.yaml": "image: {tag: v1}\nports: [{name: a}, {name: b}]\n",
  });
  const show = (template: string) => commandLine(["show", "values", chart, "--jsonpath", template]);
  expect(await show("{.image.tag}")).toEqual({ code: 0, out: "v1", err: "" });
  expect((await show('{range .ports[*]}{.name}{"\\n"}{end}')).out).toBe("a\nb\n");
  expect(await show("{.imgae.tag}")).toEqual({ code: 0, out: "", err: expect.stringContaining("imgae is not found") });
  expect(await show("{.image")).toMatchObject({ code: 1, err: expect.stringContaining("unclosed action") });
});
