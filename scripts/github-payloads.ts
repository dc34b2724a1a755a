// Takes the events of the tests from GitHub's own examples of webhooks:
//   node scripts/github-payloads.ts [a folder with @octokit/webhooks-examples]
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const version = "7.6.1";
const target = "test/github/payloads.generated.json";
const wanted = [
  ["push", undefined],
  ["pull_request", "opened"],
  ["pull_request", "synchronize"],
  ["pull_request", "closed"],
  ["deployment", "created"],
  ["workflow_dispatch", undefined],
] as const;

type Example = Record<string, unknown> & { action?: string };

function fetchPackage(folder: string): string {
  writeFileSync(join(folder, "package.json"), "{}");
  execFileSync("npm", ["install", "--no-save", "--ignore-scripts", `@octokit/webhooks-examples@${version}`], {
    cwd: folder,
  });
  return join(folder, "node_modules/@octokit/webhooks-examples");
}

// Addresses of the API are most of each event, and nobody reads them.
function withoutAddresses(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAddresses);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !/_url$/.test(name) || name === "html_url");
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutAddresses(member)]));
}

const temporary = mkdtempSync(join(tmpdir(), "slipway-payloads-"));
try {
  const folder = process.argv[2] ?? fetchPackage(temporary);
  const events: { name: string; examples: Example[] }[] = JSON.parse(
    readFileSync(join(folder, "api.github.com/index.json"), "utf8"),
  );
  const payloads = wanted.map(([event, action]) => {
    const examples = events.find(({ name }) => name === event)?.examples ?? [];
    const example = examples.find((one) => one.action === action && one["deleted"] !== true);
    if (example === undefined) throw new Error(`There is no example of ${event} ${action ?? ""}`);
    return [action === undefined ? event : `${event} ${action}`, withoutAddresses(example)];
  });
  writeFileSync(target, `${JSON.stringify(Object.fromEntries(payloads), null, 1)}\n`);
  console.log(`${target}: ${payloads.length} events`);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
