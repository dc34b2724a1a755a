import { mapConcurrently } from "../../src/base/concurrency.ts";

/** What happens to one pull request, and whether a run hears of it. */
export type PullRequestEvent = {
  number: number;
  action: "opened" | "synchronize" | "closed";
  sha: string;
  /** In order over all pull requests. */
  order: number;
  /** `killed`: its run is killed halfway; `none`: nobody starts one. */
  run: "whole" | "killed" | "none";
};

export type Pull = { isOpen: boolean; commit: string };

/** Opens, pushes and closes of so many pull requests in a random order, the same for the same seed. */
export function pullRequestEvents({ count, seed, killed }: { count: number; seed: number; killed: readonly number[] }) {
  const random = randomFrom(seed);
  const lanes = Array.from({ length: count }, (_, index) => lane(index + 1, killed, random));
  const events: PullRequestEvent[] = [];
  while (lanes.some((each) => each.length > 0)) {
    const waiting = lanes.filter((each) => each.length > 0);
    const next = waiting[Math.floor(random() * waiting.length)]?.shift();
    if (next) events.push({ ...next, order: events.length + 1 });
  }
  return events;
}

function lane(number: number, killed: readonly number[], random: () => number): Omit<PullRequestEvent, "order">[] {
  const sha = (push: number) => `${number.toString(16).padStart(4, "0")}${push}`.padEnd(40, "a");
  const pushes = Math.floor(random() * 3);
  const isKilled = killed.includes(number);
  const first = { number, action: "opened", sha: sha(0), run: isKilled ? "killed" : "whole" } as const;
  const later = Array.from({ length: pushes }, (_, push) => ({
    number,
    action: "synchronize" as const,
    sha: sha(push + 1),
    run: "whole" as const,
  }));
  // Some closings nobody hears of, as where a workflow was cancelled; some pull requests stay open.
  const fate = number % 5;
  const closed = { number, action: "closed", sha: sha(pushes), run: fate === 1 ? "none" : "whole" } as const;
  return [first, ...later, ...(fate === 0 ? [] : [closed])];
}

/**
 * Several at once, in the order in which they happen: those of one pull request may overlap, as on GitHub. Nothing happens to
 * one until its run that is to be killed is dead: it has to come as far as that.
 */
export async function play(
  events: readonly PullRequestEvent[],
  pulls: Map<number, Pull>,
  atOnce: number,
  react: (event: PullRequestEvent) => Promise<void>,
): Promise<void> {
  const dying = new Map<number, Promise<void>>();
  await mapConcurrently(events, atOnce, async (event) => {
    await dying.get(event.number);
    pulls.set(event.number, { isOpen: event.action !== "closed", commit: event.sha });
    if (event.run === "none") return;
    const reaction = react(event);
    if (event.run === "killed") dying.set(event.number, reaction);
    await reaction;
  });
}

// A small generator of which the whole state is one number (mulberry32).
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
