// `npm test`: every check and test there is, at once, and one line that counts them.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingParts } from "../test/parts.ts";

type Tally = { passed: number; failed: number; skipped: number };

const checks = {
  types: ["tsc", "--noEmit"],
  style: ["biome", "check", "--error-on-warnings", "."],
  dist: ["node", "scripts/build.ts", "--check"],
};

async function check(name: string, command: string[]): Promise<Tally> {
  const { code, output } = await run(command);
  if (code !== 0) console.log(`\n${output}\nfailed: ${name} (${command.join(" ")})`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

async function suite(projects: string[]): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-test-"));
  const report = join(folder, "report.json");
  const selected = projects.flatMap((project) => ["--project", project]);
  const { code } = await run(
    ["vitest", "run", ...selected, "--reporter=default", "--reporter=json", `--outputFile=${report}`],
    true,
  );
  try {
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
    // A file that does not load has no tests to fail.
    const broken = testResults.filter(
      (file: { status: string; assertionResults: unknown[] }) =>
        file.status === "failed" && file.assertionResults.length === 0,
    ).length;
    const failed = numFailedTests + broken;
    return { passed: numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed, skipped: numPendingTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function countSkipped(): Promise<number> {
  process.env["SLIPWAY_E2E_LIST"] = "1";
  const { output } = await run(["vitest", "list", "--project", "e2e"]);
  return output.split("\n").filter((line) => line.includes(" > ")).length;
}

function run(command: string[], isShown = false): Promise<{ code: number; output: string }> {
  const [program = "", ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["ignore", isShown ? "inherit" : "pipe", isShown ? "inherit" : "pipe"],
    });
    let output = "";
    child.stdout?.on("data", (chunk) => (output += chunk));
    child.stderr?.on("data", (chunk) => (output += chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

const missing = process.env["SLIPWAY_E2E_KUBECONFIG"] ? [] : missingParts();
const hasParts = missing.length === 0;
const isCi = process.env["CI"] === "true";
const checked = Promise.all(Object.entries(checks).map(([name, command]) => check(name, command)));
const tallies = [await suite(hasParts ? ["unit", "fuzz", "e2e"] : ["unit", "fuzz"]), ...(await checked)];
if (!hasParts) {
  const count = await countSkipped();
  console.log(
    `\n${count} end-to-end tests ${isCi ? "failed" : "skipped"}: ${missing.join(", ")} not in the cache. Build the parts with: npm run cluster:build (from Go modules, about 14 minutes, once)`,
  );
  tallies.push({ passed: 0, failed: isCi ? count : 0, skipped: isCi ? 0 : count });
}
const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0);
const skipped = sum("skipped") > 0 ? `, ${sum("skipped")} skipped` : "";
console.log(`\n${sum("passed")} passed, ${sum("failed")} failed${skipped}`);
process.exitCode = sum("failed") > 0 ? 1 : 0;
