/**
 * Writes test/cli/golden/helm-flags.json, the flags of the real Helm's commands, and into docs/helm-differences.md the
 * table of those that Slipway leaves out. `--docs` writes the latter alone.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { helmBinaries } from "./helm-binaries.ts";
import { withLeftOutFlags } from "./helm-flags/left-out-table.ts";
import { type HelmFlag, readAdvice, readHelp, readProbe } from "./helm-flags/read-help.ts";

type Major = "3" | "4";
type Row = HelmFlag & { helm: Major[] };

/** The root's flags, which every command takes, are those of "". */
const helmCommands = [
  "",
  "upgrade",
  "install",
  "test",
  "template",
  "lint",
  "show all",
  "show chart",
  "show crds",
  "show readme",
  "show values",
  "create",
  "package",
  "pull",
  "push",
  "verify",
  "dependency build",
  "dependency list",
  "dependency update",
  "registry login",
  "registry logout",
  "repo add",
  "repo index",
  "repo list",
  "repo remove",
  "repo update",
  "search repo",
];
/** Flags that Helm's sources hide from the help of some command, and those of klog, which it hides from all of them. */
const hiddenSomewhere = "atomic chart-api-version client force hide-notes recreate-pods render-subchart-notes validate";
const klog =
  "add-dir-header alsologtostderr legacy-stderr-threshold-behavior log-backtrace-at log-dir log-file log-file-max-size logtostderr one-output skip-headers skip-log-headers stderrthreshold v vmodule";

// Defaults are paths below it.
const home = mkdtempSync(join(tmpdir(), "helm-flags-"));

function helm(major: Major, ...words: string[]): { code: number; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(helmBinaries[major], words, { encoding: "utf8", env: { HOME: home } });
  return { code: status ?? 1, out: stdout.replaceAll(home, "~"), err: stderr };
}

function flagsOf(major: Major, command: string): HelmFlag[] {
  const words = command === "" ? [] : command.split(" ");
  const shown = (of: Major) => readHelp(helm(of, ...words, "--help").out);
  const flags = shown(major);
  const elsewhere = shown(major === "3" ? "4" : "3").map(({ name }) => name);
  const candidates = new Set([...elsewhere, ...hiddenSomewhere.split(" "), ...(command === "" ? klog.split(" ") : [])]);
  for (const name of candidates) {
    if (flags.some((flag) => flag.name === name)) continue;
    const found = readProbe(name, helm(major, ...words, `--${name}=%%%`, "--help"));
    if (found === undefined) continue;
    const value = found.type === "bool" ? "true" : "1";
    flags.push({ ...found, hidden: readAdvice(helm(major, ...words, `--${name}=${value}`, "--help").err) });
  }
  return flags.filter(({ name }) => name !== "help").sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What is the same in both is one row. */
function rowsOf(command: string): Row[] {
  const rows: Row[] = flagsOf("3", command).map((flag) => ({ ...flag, helm: ["3"] }));
  for (const flag of flagsOf("4", command)) {
    const same = rows.find(({ helm: _, ...row }) => JSON.stringify(row) === JSON.stringify(flag));
    if (same === undefined) rows.push({ ...flag, helm: ["4"] });
    else same.helm.push("4");
  }
  return rows.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function writeGolden(): void {
  const commands = helmCommands.map((command) => {
    const rows = rowsOf(command).map((row) => `    ${JSON.stringify(row)}`);
    return `  ${JSON.stringify(command)}: [\n${rows.join(",\n")}\n  ]`;
  });
  const path = new URL("../test/cli/golden/helm-flags.json", import.meta.url);
  writeFileSync(path, `{\n${commands.join(",\n").replaceAll("[\n\n", "[\n")}\n}\n`);
}

try {
  if (!process.argv.includes("--docs")) writeGolden();
  const page = new URL("../docs/helm-differences.md", import.meta.url);
  writeFileSync(page, withLeftOutFlags(readFileSync(page, "utf8")));
} finally {
  rmSync(home, { recursive: true });
}
