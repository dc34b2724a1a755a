import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withFileLock } from "../../src/chart/file-lock.ts";
import { fakeClock } from "../base/fake-clock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const nothing = "/nonexistent/flock";
const hasFlock = process.platform === "linux";

test.each([
  ["repositories.yaml", "repositories.lock"],
  ["list", "list.lock"],
  ["a.b/list", "a.b/list.lock"],
])("%s is locked by %s, as in Helm", async (file, lock) => {
  await withFileLock(join(folder, file), () => expect(existsSync(join(folder, lock))).toBe(true));
});

test.runIf(hasFlock)("waits for whoever holds the kernel's lock", async () => {
  const lock = join(folder, "repositories.lock");
  const holder: ChildProcess = spawn("flock", [lock, "sh", "-c", "echo held; cat"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  await new Promise((resolve) => holder.stdout?.once("data", resolve));
  const order: string[] = [];
  const done = withFileLock(join(folder, "repositories.yaml"), () => order.push("ours"));
  // Another lock is not in its way.
  await withFileLock(join(folder, "other.yaml"), () => order.push("other"));
  order.push("theirs is over");
  holder.stdin?.end();
  await done;
  expect(order).toEqual(["other", "theirs is over", "ours"]);
});

describe("without flock(1)", () => {
  test("runs of Slipway wait for each other, and leave nothing behind", async () => {
    const path = join(folder, "count.txt");
    writeFileSync(path, "0");
    const add = () => writeFileSync(path, String(Number(readFileSync(path, "utf8")) + 1));
    await Promise.all(Array.from({ length: 20 }, () => withFileLock(path, add, { program: nothing })));
    expect(readFileSync(path, "utf8")).toBe("20");
    expect(readdirSync(folder).sort()).toEqual(["count.lock", "count.txt"]);
  });

  test("a failure lets the next one in", async () => {
    const path = join(folder, "a.yaml");
    const fail = () => {
      throw new Error("no");
    };
    await expect(withFileLock(path, fail, { program: nothing })).rejects.toThrow("no");
    expect(await withFileLock(path, () => "yes", { program: nothing })).toBe("yes");
  });

  test("one that lives is waited for, not for ever; one that was killed is not", async () => {
    const path = join(folder, "a.yaml");
    const held = join(folder, "a.lock.held");
    writeFileSync(held, "");
    const clock = fakeClock();
    await expect(withFileLock(path, () => "yes", { program: nothing, clock })).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining("locked for 30 s"),
    });
    expect(clock.now()).toBeGreaterThan(30_000);
    const minuteAgo = new Date(Date.now() - 60_000);
    utimesSync(held, minuteAgo, minuteAgo);
    expect(await withFileLock(path, () => "yes", { program: nothing, clock })).toBe("yes");
  });
});

test("a place that can't be written says so", async () => {
  writeFileSync(join(folder, "file"), "");
  await expect(withFileLock(join(folder, "file/a.yaml"), () => "")).rejects.toMatchObject({ code: "INPUT_INVALID" });
});
