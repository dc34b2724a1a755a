import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { newBudget } from "../../src/chart/budget.ts";
import { readArchive } from "../../src/chart/read-archive.ts";
import { pax, type TarFile, tar, tgz } from "./tar-fixture.ts";

const chartYaml: TarFile = { name: "shop/Chart.yaml", data: "name: shop\n" };

function read(bytes: Uint8Array): Record<string, string> {
  const files = readArchive(bytes, "shop.tgz", newBudget());
  return Object.fromEntries(files.map(({ name, data }) => [name, Buffer.from(data).toString()]));
}

test("drops the top folder, folders, and what isn't a file's content", () => {
  const long = `shop/${"deep/".repeat(30)}file.yaml`;
  const files: TarFile[] = [
    { name: "pax_global_header", type: "g", data: pax("comment", "abc") },
    { name: "shop/", type: "5" },
    chartYaml,
    { name: "shop/mark.yaml", data: "\ufeffa: 1" },
    { name: "x", type: "x", data: pax("path", long) },
    { name: "short", data: "long name by pax" },
    { name: "././@LongLink", type: "L", data: `shop/gnu/${"n".repeat(120)}\0` },
    { name: "short", data: "long name by GNU" },
    { name: "shop\\windows\\file.txt", data: "backslashes" },
    { name: "shop/link", type: "2" },
  ];
  expect(read(tgz(files))).toEqual({
    "Chart.yaml": "name: shop\n",
    "mark.yaml": "a: 1",
    [long.slice(5)]: "long name by pax",
    [`gnu/${"n".repeat(120)}`]: "long name by GNU",
    "windows/file.txt": "backslashes",
    link: "",
  });
});

test.each<[string, TarFile[], RegExp]>([
  ["a path that leads out", [{ name: "shop/../../etc/passwd" }], /leads out of the chart/],
  ["an absolute path", [{ name: "shop//etc/passwd" }], /absolute path/],
  ["a file beside the folder", [{ name: "values.yaml" }], /outside the chart's folder/],
  ["Chart.yaml beside the folder", [{ name: "Chart.yaml" }], /not inside a folder/],
  ["a drive", [{ name: "shop/c:/windows" }], /illegal path/],
  ["a size beyond the end", [{ ...chartYaml, size: 100_000 }], /ends in the middle/],
  ["nothing", [], /holds no files/],
])("refuses %s", (_name, files, message) => {
  expect(() => read(tgz(files))).toThrow(message);
});

test("refuses what is broken", () => {
  const broken = tar([chartYaml]);
  broken[0] = 0x7a;
  expect(() => read(gzipSync(broken))).toThrow(/checksum/);
  expect(() => read(tgz([chartYaml]).subarray(0, 40))).toThrow(/not a whole gzip file/);
  expect(() => read(Buffer.from("no gzip"))).toThrow(/not a whole gzip file/);
});

test("refuses what grows beyond the limit, without unpacking it all", () => {
  const bomb = tgz([chartYaml, { name: "shop/zeros", data: new Uint8Array(3_000_000) }]);
  expect(bomb.length).toBeLessThan(10_000);
  expect(() => readArchive(bomb, "bomb.tgz", { bytes: 1_000_000, files: 10 })).toThrow(/larger than/);
  expect(() => readArchive(tgz([chartYaml, chartYaml, chartYaml]), "many.tgz", { bytes: 10_000, files: 2 })).toThrow(
    /files/,
  );
});
