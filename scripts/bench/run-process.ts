import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** What one process took from its start to its end. */
export type Usage = { wallMs: number; cpuMs: number; peakMiB: number };

const clock = "/usr/bin/time";

/** Runs a command with its output thrown away. GNU time tells what the kernel counted of it: Node tells of itself only. */
export function runProcess(command: string, args: readonly string[]): Usage {
  if (!existsSync(clock)) throw new Error(`The bench needs GNU time as ${clock}, such as Debian's package "time"`);
  const from = performance.now();
  const { status, stderr, error } = spawnSync(clock, ["-f", "%U %S %M", command, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  const wallMs = performance.now() - from;
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${stderr}`);
  const [user = 0, system = 0, peakKiB = 0] = (stderr.trimEnd().split("\n").at(-1) ?? "").split(" ").map(Number);
  return { wallMs, cpuMs: (user + system) * 1000, peakMiB: peakKiB / 1024 };
}

/** What a command prints. */
export function outputOf(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 30 });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${stderr}`);
  return stdout;
}
