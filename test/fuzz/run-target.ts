import { Worker } from "node:worker_threads";

export type FuzzJob = { name: string; seed: number; seconds: number; shared: SharedArrayBuffer };
export type FuzzFailure = { why: string; input: Uint8Array };
export type FuzzMessage = { runs: number; failure?: FuzzFailure };

/** Far beyond what any input takes, even where many processes share the machine. */
const maxInputSeconds = 10;
const checkEveryMs = 500;
const maxInputBytes = 64 * 1024;

/** Feeds a target in a thread of its own; an input that takes too long is a failure like a crash. */
export async function runTarget(
  name: string,
  { seed, seconds }: { seed: number; seconds: number },
): Promise<FuzzMessage> {
  const shared = new SharedArrayBuffer(8 + maxInputBytes);
  const workerData: FuzzJob = { name, seed, seconds, shared };
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData });
  const watch = watchTurns(shared);
  try {
    return await new Promise<FuzzMessage>((resolve, reject) => {
      worker.on("message", resolve);
      worker.on("error", reject);
      watch.start((message) => resolve(message));
    });
  } finally {
    watch.stop();
    await worker.terminate();
  }
}

function watchTurns(shared: SharedArrayBuffer) {
  const turns = new Int32Array(shared, 0, 2);
  let seen = 0;
  let since = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const check = (onHang: (message: FuzzMessage) => void) => {
    const turn = Atomics.load(turns, 0);
    if (turn !== seen) {
      seen = turn;
      since = performance.now();
    } else if (turn > 0 && performance.now() - since > maxInputSeconds * 1000) {
      const input = new Uint8Array(shared.slice(8, 8 + Atomics.load(turns, 1)));
      onHang({ runs: turn, failure: { why: `an input took more than ${maxInputSeconds} s`, input } });
    }
  };
  return {
    start(onHang: (message: FuzzMessage) => void) {
      timer = setInterval(() => check(onHang), checkEveryMs);
    },
    stop: () => clearInterval(timer),
  };
}

/** How to tell a failure: what it was, and the input as a literal for a test. */
export function failureText(name: string, seed: number, { why, input }: FuzzFailure): string {
  const text = JSON.stringify(Buffer.from(input).toString("latin1"));
  return `${name} (seed ${seed}): ${why}\nThe input, as Latin-1: ${text}`;
}
