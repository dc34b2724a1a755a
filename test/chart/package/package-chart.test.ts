import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { newBudget } from "../../../src/chart/budget.ts";
import { lockDigest } from "../../../src/chart/dependency/lock-digest.ts";
import { loadChart } from "../../../src/chart/load-chart.ts";
import { packageChart, sourceDate } from "../../../src/chart/package/package-chart.ts";
import { readArchive } from "../../../src/chart/read-archive.ts";

const chartYaml = "name: shop\nversion: 1.0.0+b\napiVersion: v2\nkeywords: []\nhome: ''\ndescription: first\n";

function write(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-package-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

test("the same chart makes the same bytes, whenever its files were written", async () => {
  const folder = write({ "Chart.yaml": chartYaml, "values.yaml": "a: 1\n", "templates/a.yaml": "a" });
  const first = packageChart(await loadChart(folder));
  utimesSync(join(folder, "values.yaml"), 1, 1);
  const second = packageChart(await loadChart(folder));
  expect(first.fileName).toBe("shop-1.0.0+b.tgz");
  expect(second.bytes.equals(first.bytes)).toBe(true);
  const later = packageChart(await loadChart(folder), sourceDate({ SOURCE_DATE_EPOCH: "1700000000" }));
  expect(later.bytes.equals(first.bytes)).toBe(false);
  expect(() => sourceDate({ SOURCE_DATE_EPOCH: "today" })).toThrow(/SOURCE_DATE_EPOCH/);
});

test("names of every length and script survive", async () => {
  const names = ["n".repeat(99), `${"deep/".repeat(30)}${"n".repeat(80)}`, "n".repeat(200), "größe/文件.txt", "a b"];
  const folder = write({ "Chart.yaml": chartYaml, ...Object.fromEntries(names.map((name) => [name, name])) });
  const { bytes } = packageChart(await loadChart(folder));
  const files = readArchive(bytes, "shop.tgz", newBudget());
  expect(files.map(({ name }) => name).sort()).toEqual(["Chart.yaml", ...names].sort());
  for (const { name, data } of files.slice(1)) expect(Buffer.from(data).toString()).toBe(name);
  expect(Buffer.from(files[0]?.data ?? []).toString()).toBe(
    "apiVersion: v2\ndescription: first\nname: shop\nversion: 1.0.0+b\n",
  );
});

test("a schema that is no JSON is not packed", async () => {
  const chart = await loadChart(write({ "Chart.yaml": chartYaml, "values.schema.json": "{" }));
  expect(() => packageChart(chart)).toThrow(/values.schema.json is not JSON/);
});

// Taken from what Helm 4 wrote for these.
test("a lock's digest is Helm's", () => {
  const asked = [{ name: "lib", version: "0.x", repository: "file://../lib" }];
  const locked = [{ name: "lib", version: "0.2.0", repository: "file://../lib" }];
  expect(lockDigest(asked, locked)).toBe("sha256:5039bbe9909a4d370c418d5d2e23b243274fa534b5513d30265a022e5b0048bc");
});
