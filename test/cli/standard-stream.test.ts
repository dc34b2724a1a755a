import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "slipway-stream-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const program = fileURLToPath(new URL("../../src/cli/start.ts", import.meta.url));

function bash(script: string) {
  const env = { ...process.env, node: process.execPath, program, file: join(folder, "out") };
  const { status, stdout, stderr } = spawnSync("bash", ["-c", script], { env, encoding: "utf8" });
  return { status, stdout, stderr };
}

test.each([
  ["a device that is full", '"$node" "$program" --help >/dev/full', "no space left on device"],
  ["a file that may not grow", 'trap "" XFSZ; ulimit -f 1; "$node" "$program" --help >"$file"', "file too large"],
])("of what can't be written, one line tells in the end: %s", (_, script, why) => {
  const { status, stderr } = bash(script);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(new RegExp(`^Error: the standard output is not whole: [^\n]*${why}[^\n]*\n$`)),
  });
});

test("a reader that has seen enough is no failure", () => {
  const script = 'set -o pipefail; "$node" "$program" --help | head -1; echo "$?"';
  expect(bash(script)).toEqual({ status: 0, stdout: expect.stringMatching(/^Bring a Helm chart.*\n0\n$/), stderr: "" });
});

test("what is thrown away is written without a word", () => {
  expect(bash('"$node" "$program" --help >/dev/null')).toEqual({ status: 0, stdout: "", stderr: "" });
});
