import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SlipwayError } from "../../src/base/error.ts";
import { loadChart } from "../../src/chart/load-chart.ts";
import { unpackChart } from "../../src/chart/unpack.ts";
import { pax, type TarFile, tar, tgz } from "./tar-fixture.ts";

const chartYaml: TarFile = { name: "shop/Chart.yaml", data: "apiVersion: v2\nname: shop\nversion: 1.0.0\n" };
const withFile = (...files: TarFile[]): Buffer => tgz([chartYaml, ...files]);
const named = (name: string): Buffer =>
  tgz([{ name: "shop/Chart.yaml", data: `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n` }]);
const longName = (path: string): TarFile[] => [
  { name: "x", type: "x", data: pax("path", path) },
  { name: "shop/short", data: "x" },
];

/** What is in the archive, its bytes, and what is said of it. All but the last are refused already when they are loaded. */
const attacks: [string, Buffer, RegExp, "unpack"?][] = [
  ["a path that climbs out", withFile({ name: "shop/../../evil" }), /leads out of the chart/],
  ["a path that climbs out from deep inside", withFile({ name: "shop/a/b/../../../evil" }), /leads out/],
  ["a path with backslashes that climbs out", withFile({ name: "shop\\..\\..\\evil" }), /leads out/],
  ["an absolute path", withFile({ name: "/tmp/evil" }), /absolute path/],
  ["an absolute path behind the folder", withFile({ name: "shop//tmp/evil" }), /absolute path/],
  ["a Windows drive", withFile({ name: "shop/c:/evil" }), /illegal path/],
  ["a path that climbs out by a pax record", withFile(...longName("shop/../../evil")), /leads out/],
  ["an absolute path by a pax record", withFile(...longName("/tmp/evil")), /absolute path/],
  ["a path with a zero byte", withFile(...longName("shop/a\0b")), /illegal path/],
  [
    "a path that climbs out by a GNU long name",
    withFile({ name: "././@LongLink", type: "L", data: "shop/../../evil\0" }, { name: "x" }),
    /leads out/,
  ],
  ["a file beside the chart's folder", withFile({ name: "evil" }), /outside the chart's folder/],
  ["a symbolic link to an absolute path", withFile({ name: "shop/l", type: "2", link: "/etc/passwd" }), /leads out/],
  ["a symbolic link that climbs out", withFile({ name: "shop/l", type: "2", link: "../../evil" }), /leads out/],
  ["a hard link that climbs out", withFile({ name: "shop/l", type: "1", link: "../etc/passwd" }), /leads out/],
  [
    "a link that climbs out by a pax record",
    withFile({ name: "x", type: "x", data: pax("linkpath", "/etc/shadow") }, { name: "shop/l", type: "2" }),
    /leads out/,
  ],
  ["a character device", withFile({ name: "shop/dev", type: "3" }), /neither a file/],
  ["a block device", withFile({ name: "shop/dev", type: "4" }), /neither a file/],
  ["a named pipe", withFile({ name: "shop/pipe", type: "6" }), /neither a file/],
  ["a bomb of zeros", withFile({ name: "shop/zeros", data: Buffer.alloc(40 * 1024 * 1024) }), /200 times its archive/],
  ["more files than a chart may have", tgz([chartYaml, ...manyFiles(50_001)]), /50000 files|larger than/],
  ["a size beyond the end", withFile({ name: "shop/a", size: 1_000_000 }), /ends in the middle/],
  ["a size in pax that is negative", withFile({ name: "x", type: "x", data: pax("size", "-1") }), /size is no number/],
  ["a pax record longer than itself", withFile({ name: "x", type: "x", data: "99999 path=a\n" }), /pax record/],
  ["a wrong checksum", wrongChecksum(), /checksum/],
  ["a gzip file that is cut off", withFile().subarray(0, 60), /not a whole gzip file/],
  ["a name that climbs out in Chart.yaml", named("../evil"), /name "\.\.\/evil" is invalid/],
  ["the name of the folder above in Chart.yaml", named('".."'), /not allowed/],
  ["an archive without a chart", tgz([{ name: "shop/evil", data: "x" }]), /Chart.yaml file is missing/],
  [
    "a subchart's archive that climbs out",
    withFile({ name: "shop/charts/sub.tgz", data: tgz([{ name: "sub/../../evil" }]) }),
    /leads out/,
  ],
  [
    "a subchart's archive that is none",
    withFile({ name: "shop/charts/sub.tgz", data: "evil" }),
    /not a packaged chart/,
  ],
  [
    "aliases that grow without bound",
    withFile({ name: "shop/values.yaml", data: laughs() }),
    /excessive aliasing|limit/i,
  ],
  ["one file twice", withFile({ name: "shop/a", data: "1" }, { name: "shop/a", data: "2" }), /twice/, "unpack"],
  [
    "a file that is also a folder",
    withFile({ name: "shop/a", data: "1" }, { name: "shop/a/b", data: "2" }),
    /lies below what is a file/,
    "unpack",
  ],
];

let outside: string;
beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), "slipway-archive-"));
});
afterEach(() => rmSync(outside, { recursive: true, force: true }));

test("there are at least twenty kinds", () => {
  expect(attacks.length).toBeGreaterThanOrEqual(20);
});

test.each(attacks)("refuses %s, and writes nothing", async (_name, bytes, message, only) => {
  const target = join(outside, "target", "inner");
  mkdirSync(target, { recursive: true });
  const archive = join(outside, "chart.tgz");
  writeFileSync(archive, bytes);
  const before = readdirSync(outside, { recursive: true });

  if (only !== "unpack") await expect(loadChart(archive)).rejects.toSatisfy(isRefusal(message));
  expect(() => unpackChart(bytes, "chart.tgz", target)).toThrow(message);
  expect(readdirSync(outside, { recursive: true })).toEqual(before);
});

test("unpacks a chart that means well, once", () => {
  const bytes = withFile(
    { name: "shop/templates/a.yaml", data: "a: 1" },
    { name: "shop/link", type: "2", link: "templates/a.yaml" },
  );
  const folder = unpackChart(bytes, "chart.tgz", outside);
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
    "Chart.yaml",
    "link",
    "templates",
    "templates/a.yaml",
  ]);
  expect(() => unpackChart(bytes, "chart.tgz", outside)).toThrow(/there already/);
});

function isRefusal(message: RegExp) {
  return (error: unknown) =>
    error instanceof SlipwayError && /^(CHART|YAML|LIMIT|VALUES)/.test(error.code) && message.test(error.message);
}

function wrongChecksum(): Buffer {
  const broken = tar([chartYaml]);
  broken[0] = 0x7a;
  return gzipSync(broken);
}

function manyFiles(count: number): TarFile[] {
  return Array.from({ length: count }, (_, index) => ({ name: `shop/f${index}` }));
}

function laughs(): string {
  const lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"];
  for (let i = 1; i < 12; i++)
    lines.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(",")}]`,
    );
  return lines.join("\n");
}
