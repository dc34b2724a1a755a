// Takes what the fake GitHub of the tests needs from GitHub's OpenAPI description, as JSON Schema of draft 7:
//   node scripts/github-openapi.ts [a folder with @octokit/openapi]
// Without a folder the package is fetched into a temporary one: it is far too large to be a dependency.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extractOperations } from "./github-openapi/extract.ts";
import { operations } from "./github-openapi/operations.ts";

const version = "23.0.2";
const target = "test/github/openapi.generated.json";

function fetchPackage(folder: string): string {
  writeFileSync(join(folder, "package.json"), "{}");
  execFileSync("npm", ["install", "--no-save", "--ignore-scripts", `@octokit/openapi@${version}`], { cwd: folder });
  return join(folder, "node_modules/@octokit/openapi");
}

const temporary = mkdtempSync(join(tmpdir(), "slipway-openapi-"));
try {
  const folder = process.argv[2] ?? fetchPackage(temporary);
  const description = JSON.parse(readFileSync(join(folder, "generated/api.github.com.json"), "utf8"));
  const extracted = extractOperations(description, operations);
  writeFileSync(target, `${JSON.stringify({ source: `@octokit/openapi@${version}`, ...extracted }, null, 1)}\n`);
  console.log(`${target}: ${operations.length} operations, ${Object.keys(extracted.definitions).length} schemas`);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
