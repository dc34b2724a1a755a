/**
 * Writes test/fixtures/golden/helm3 and helm4: what the real Helm makes of our fixture charts. With `--check` it only
 * says which files are no longer what Helm gives.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readTree } from "../test/fixtures/read-tree.ts";
import { type RefusedCase, refusedCases } from "../test/fixtures/refused-cases.ts";
import { fixtures, notesCases, type RenderCase, renderCases } from "../test/fixtures/render-cases.ts";
import { helmBinaries } from "./helm-binaries.ts";

type Major = "3" | "4";
type Job = { file: string; run: () => Promise<string> };

const work = mkdtempSync(join(tmpdir(), "chart-goldens-"));
const environment = {
  PATH: process.env["PATH"],
  TZ: "UTC",
  HOME: work,
  KUBECONFIG: join(work, "none"),
};

function flags(item: RenderCase): string[] {
  const many = (flag: string, values: string[] = []) => values.flatMap((value) => [flag, value]);
  return [
    ...many("-f", item.values),
    ...many("--set", item.set),
    ...many("--set-string", item.setString),
    ...many("--set-file", item.setFile),
    ...many("--set-json", item.setJson),
    ...many("--set-literal", item.setLiteral),
    ...(item.noHooks ? ["--no-hooks"] : []),
    ...(item.skipSchemaValidation ? ["--skip-schema-validation"] : []),
  ];
}

function templateFlags(item: RenderCase): string[] {
  const many = (flag: string, values: string[] = []) => values.flatMap((value) => [flag, value]);
  return [
    ...flags(item),
    ...many("--show-only", item.showOnly),
    ...many("--api-versions", item.apiVersions),
    ...many("--kube-version", [item.kubeVersion ?? "v1.35.0"]),
    ...(item.includeCrds ? ["--include-crds"] : []),
    ...(item.skipTests ? ["--skip-tests"] : []),
    ...(item.isUpgrade ? ["--is-upgrade"] : []),
  ];
}

function helm(major: Major, args: string[]): Promise<{ stdout: string; stderr: string; failed: boolean }> {
  const options = { cwd: join(fixtures, "charts"), env: environment, encoding: "utf8", maxBuffer: 1 << 28 } as const;
  return new Promise((resolve) => {
    execFile(helmBinaries[major], args, options, (error, stdout, stderr) =>
      resolve({ stdout, stderr, failed: error !== null }),
    );
  });
}

async function template(major: Major, item: RenderCase): Promise<string> {
  const args = ["template", item.release ?? "rel", item.chart, "--namespace", "ns", ...templateFlags(item)];
  if (!item.outputDir) return outputOf(item, await helm(major, args));
  const folder = mkdtempSync(join(work, "output-"));
  outputOf(item, await helm(major, [...args, "--output-dir", folder]));
  return readTree(folder);
}

function outputOf({ name }: RenderCase, { stdout, stderr, failed }: Awaited<ReturnType<typeof helm>>): string {
  if (failed) throw new Error(`Helm refuses ${name}: ${stderr}`);
  return stdout;
}

async function errorOf(major: Major, item: RefusedCase): Promise<string> {
  const args = ["template", item.release ?? "rel", item.chart, "--namespace", "ns", ...templateFlags(item)];
  const { stderr, failed } = await helm(major, args);
  if (!failed) throw new Error(`Helm ${major} does not refuse ${item.name}`);
  // Complaints about values come in another order in each run.
  return stderr.replace(/(?:^ *- at .*\n)+/gm, (lines) => lines.match(/.+\n/g)?.sort().join("") ?? lines);
}

/** Only `helm install` shows notes, and Helm 3 wants a cluster even for a dry run. */
async function notes(item: RenderCase): Promise<string> {
  const args = ["install", item.release ?? "rel", item.chart, "--namespace", "ns", "--dry-run=client", ...flags(item)];
  return outputOf(item, await helm("4", args)).split("\nNOTES:\n")[1] ?? "";
}

function jobsOf(major: Major): Job[] {
  const rendered = renderCases.filter(({ onlyHelm4 }) => major === "4" || !onlyHelm4);
  const jobs = [
    ...rendered.map((item) => ({ file: `${item.name}.yaml`, run: () => template(major, item) })),
    ...refusedCases.map((item) => ({ file: `${item.name}.err`, run: () => errorOf(major, item) })),
    ...(major === "4" ? notesCases.map((item) => ({ file: `${item.name}.notes.txt`, run: () => notes(item) })) : []),
  ];
  return jobs.map(({ file, run }) => ({ file: join(golden, `helm${major}`, file), run }));
}

const golden = join(fixtures, "golden");
const jobs = [...jobsOf("3"), ...jobsOf("4")];
const made = new Map<string, string>();
const complaints: string[] = [];

async function worker(queue: Iterator<Job>): Promise<void> {
  for (let next = queue.next(); !next.done; next = queue.next()) {
    const { file, run } = next.value;
    try {
      made.set(file, await run());
    } catch (error) {
      complaints.push(String(error));
    }
  }
}

function write(): void {
  rmSync(golden, { recursive: true, force: true });
  for (const [file, text] of made) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function compare(): void {
  for (const [file, text] of made) {
    if (!existsSync(file) || readFileSync(file, "utf8") !== text) complaints.push(`${file} is not what Helm gives`);
  }
}

try {
  const queue = jobs[Symbol.iterator]();
  await Promise.all(Array.from({ length: availableParallelism() * 2 }, () => worker(queue)));
} finally {
  rmSync(work, { recursive: true, force: true });
}
if (process.argv.includes("--check")) compare();
else if (complaints.length === 0) write();
for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;
console.log(
  `${made.size} files: ${renderCases.length} cases rendered, ${refusedCases.length} refused, by Helm 3 and 4`,
);
