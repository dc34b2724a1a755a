import { closeSync, mkdirSync, openSync, rmSync, statSync } from "node:fs";
import { dirname, parse } from "node:path";
import { type Clock, systemClock } from "../base/clock.ts";
import { SlipwayError } from "../base/error.ts";

type LockOptions = {
  clock?: Clock;
  /** Takes the kernel's lock for an open file. */
  program?: string;
};

const longestWaitMs = 30_000;
const pollMs = 25;

/**
 * Does the work, which reads and writes the file at once, while nobody else does. The lock is Helm's: flock(2) of the file
 * beside it that ends in `.lock`. Node can't take that by itself; where there is no flock(1), runs of Slipway keep out of
 * each other's way alone.
 */
export async function withFileLock<Result>(
  path: string,
  work: () => Result,
  { clock = systemClock, program = "flock" }: LockOptions = {},
): Promise<Result> {
  const lock = lockPathOf(path);
  const file = openLock(lock);
  try {
    if (await takeFlock(file, path, program)) return work();
  } finally {
    closeSync(file);
  }
  const held = `${lock}.held`;
  await createAlone(held, path, clock);
  try {
    return work();
  } finally {
    rmSync(held, { force: true });
  }
}

/** `repositories.yaml` is locked by `repositories.lock`. */
function lockPathOf(path: string): string {
  const { ext } = parse(path);
  return `${ext === "" ? path : path.slice(0, -ext.length)}.lock`;
}

function openLock(lock: string): number {
  try {
    mkdirSync(dirname(lock), { recursive: true });
    return openSync(lock, "a", 0o600);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SlipwayError("INPUT_INVALID", `Cannot open the lock "${lock}": ${reason}`, { where: lock, cause });
  }
}

/** The lock belongs to the open file, so it stays when the program is over. False where there is no such program. */
async function takeFlock(file: number, path: string, program: string): Promise<boolean> {
  const { spawn } = await import("node:child_process");
  return await new Promise((resolve, reject) => {
    const child = spawn(program, ["-x", "3"], { stdio: ["ignore", "ignore", "ignore", file], timeout: longestWaitMs });
    child.once("error", () => resolve(false));
    child.once("exit", (code, signal) => {
      if (signal !== null) reject(busy(path));
      else resolve(code === 0);
    });
  });
}

async function createAlone(held: string, path: string, clock: Clock): Promise<void> {
  for (const start = clock.now(); ; await clock.delay(pollMs)) {
    try {
      closeSync(openSync(held, "wx", 0o600));
      return;
    } catch (cause) {
      if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
    }
    // Nobody works for so long: whoever made it was killed.
    const made = statSync(held, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (Date.now() - made > longestWaitMs) rmSync(held, { force: true });
    else if (clock.now() - start > longestWaitMs) throw busy(path);
  }
}

function busy(path: string): SlipwayError {
  return new SlipwayError("INPUT_INVALID", `Another program has kept "${path}" locked for ${longestWaitMs / 1000} s`, {
    where: path,
    hint: "Wait until the helm or slipway that changes it is done, then try again.",
  });
}
