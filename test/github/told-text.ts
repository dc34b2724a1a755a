import type { Told } from "./run-events.ts";

type Status = Told["github"]["deployments"][number]["statuses"][number];

/** All that a run wrote to GitHub, as one text: what the runner reads, outputs, summary, comments and what else there is. */
export function toldText({ finished, github }: Told): string {
  const { code, stdout, outputs, summary } = finished;
  const lines = stdout.split("\n").filter((line) => !line.startsWith("::add-mask::"));
  const commands = lines.filter((line) => /^::(error|warning|notice)/.test(line));
  const sections: [title: string, text: string][] = [
    [`exit code ${code}: annotations`, commands.join("\n")],
    ["log, outside of its groups", ungrouped(lines).join("\n")],
    [
      "outputs",
      Object.entries(outputs)
        .filter(([, value]) => value !== "")
        .map(([name, value]) => `${name}: ${value}`)
        .join("\n"),
    ],
    ["summary", summary],
    ...github.comments.map(({ number, body }): [string, string] => [`comment on #${number}`, body]),
    ...github.issues.map(({ number, title, state, labels, body }): [string, string] => [
      `issue #${number}, ${state}, ${labels.join(", ")}: ${title}`,
      body,
    ]),
    ...github.deployments.map(({ ref, environment, statuses }): [string, string] => [
      `deployment of ${ref} to ${environment}`,
      statuses.map(statusText).join("\n"),
    ]),
  ];
  return settled(
    sections
      .filter(([, text]) => text !== "")
      .map(([title, text]) => `======== ${title}\n${text.trimEnd()}\n`)
      .join("\n"),
  );
}

function statusText({ state, description, environment_url, log_url }: Status): string {
  return [`${state}: ${description}`, environment_url, log_url].filter((text) => text !== "").join("\n  ");
}

// Within a group many things go on at once, in no order.
function ungrouped(lines: readonly string[]): string[] {
  let isOpen = false;
  return lines.filter((line) => {
    if (line.startsWith("::group::")) isOpen = true;
    if (line.startsWith("::endgroup::")) isOpen = false;
    return !isOpen && line !== "" && !line.startsWith("::");
  });
}

/**
 * Without what differs from one run to the next: names that are given out, times, what went by on the way to the end, and
 * which of the ordinary events were the last.
 */
function settled(text: string): string {
  return text
    .split("\n")
    .filter((line) => !/^ {2}… \w+ shop|^ *(- )?Normal /.test(line))
    .join("\n")
    .replace(/\b(shop-(?:pr-\d+-)?web)-[0-9a-z]{3,10}-[0-9a-z]{5}(?![0-9a-z])/g, "$1-5c4f9-x2x7k")
    .replace(/\b(shop-(?:pr-\d+-)?migration)-[0-9a-z]{5}(?![0-9a-z])/g, "$1-x2x7k")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UID")
    .replace(/ \(\d+ times\)/g, "")
    .replace(/\d+ restarts/g, "2 restarts")
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
    .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "2026-01-01T00:00:00Z")
    .replace(/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "2026-01-01 00:00:00")
    .replace(/\b\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, "2026-01-01 00:00 UTC");
}
