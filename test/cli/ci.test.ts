import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { run } from "../../src/cli/run.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";

let folder = "";
let chart = "";
let sandbox: Sandbox;

const evil = "::set-output name=x::evil\n##[add-mask]x\n\u001b[0Ksection_end:1:a\r\u001b[0K\n+++ evil\n--- evil\n";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "slipway-ci-"));
  chart = join(folder, "chart");
  write("chart/Chart.yaml", "apiVersion: v2\nname: it\nversion: 1.0.0\n");
  write(
    "chart/templates/a.yaml",
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Values.name | default .Release.Name }}"}\n',
  );
  write("chart/templates/NOTES.txt", evil);
  sandbox = await startSandbox();
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, text: string): string {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
  return target;
}

/** Runs one command line; what it prints in the order in which a CI's log has it. */
async function inCi(env: Record<string, string>, ...words: string[]): Promise<{ code: number; log: string }> {
  let log = "";
  const stream = {
    write(text: string) {
      log += text;
    },
  };
  const signal = new AbortController().signal;
  const terminal = { out: stream, err: stream, env, isTty: false, signal };
  const code = await run([...words, "--kubeconfig", sandbox.kubeconfig], terminal);
  return { code, log };
}

describe("GitHub Actions", () => {
  const env = { GITHUB_ACTIONS: "true" };

  test("each phase is a group, and what others wrote is no command", async () => {
    const { code, log } = await inCi(env, "deploy", "github", chart);
    expect(code).toBe(0);
    const commands = log.split("\n").filter((line) => /^\s*::/.test(line) || line.includes("##["));
    expect(commands.filter((line) => !/^::(group::\w[^:]*|endgroup::)$/.test(line))).toEqual([]);
    expect(commands.filter((line) => line === "::endgroup::")).toHaveLength(commands.length / 2);
    expect(log).toContain("set-output name=x::evil");
  });

  test("a failure is an annotation at its file, the summary has the whole", async () => {
    const values = write("values.yaml", "a: 1\nb: [\n");
    const summary = write("summary", "");
    const more = { GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: folder };
    const { code, log } = await inCi({ ...env, ...more }, "deploy", "broken", chart, "-f", values);
    expect(code).toBe(1);
    expect(log.match(/^::error .*$/gm)).toEqual([
      expect.stringMatching(
        /^::error file=values\.yaml,line=\d+,col=\d+,title=broken was not deployed::Cannot read values/,
      ),
    ]);
    expect(readFileSync(summary, "utf8")).toMatch(/^### ❌ broken was not deployed/);
  });

  test("no text of an error breaks out of its annotation", async () => {
    const { log } = await inCi(env, "deploy", "x", chart, "--set", "name=Bad%0A::warning::,title=a\n::error::evil");
    for (const line of log.split("\n")) expect(line).not.toMatch(/^\s*::(warning|error::evil)/);
    expect(log.match(/^::error /gm)).toHaveLength(1);
  });

  test("what is meant for a program is whole", async () => {
    const rendered = await inCi(env, "template", "it", chart);
    expect(rendered.log).toContain("kind: ConfigMap");
    const { log } = await inCi(env, "deploy", "json", chart, "-o", "json");
    expect(JSON.parse(log)).toMatchObject({ status: "deployed", notes: expect.stringContaining("##[add-mask]x") });
  });

  test("--ci none leaves it all out", async () => {
    const { log } = await inCi(env, "deploy", "plain", chart, "--ci", "none");
    expect(log).not.toMatch(/::group/);
  });
});

describe("GitLab", () => {
  const env = { GITLAB_CI: "true" };

  test("each phase is a section that ends, and nobody else ends one", async () => {
    const { code, log } = await inCi(env, "deploy", "gitlab", chart);
    expect(code).toBe(0);
    // As GitLab reads it.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape is what it looks for
    const marks = [...log.matchAll(/section_(start|end):(\d+):([\w.-]+)(\[[^\]]*\])?\r\u001b\[0K/g)];
    const open: string[] = [];
    for (const [, what, seconds, name = ""] of marks) {
      expect(Number(seconds)).toBeGreaterThan(1_600_000_000);
      if (what === "start") open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
    expect(marks.length).toBeGreaterThanOrEqual(6);
  });

  test("the report of code quality says what is wrong with which file", async () => {
    const values = write("values.yaml", "a: 1\nb: [\n");
    const report = join(folder, "quality.json");
    const place = { ...env, CI_PROJECT_DIR: folder };
    await inCi(place, "plan", "broken", chart, "-f", values, "--code-quality", report);
    const [entry, ...others] = JSON.parse(readFileSync(report, "utf8"));
    expect(others).toEqual([]);
    expect(entry).toEqual({
      description: expect.stringContaining("Cannot read values"),
      check_name: "slipway",
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      severity: "major",
      location: { path: "values.yaml", lines: { begin: expect.any(Number) } },
    });
    await inCi(place, "plan", "good", chart, "--code-quality", report);
    expect(JSON.parse(readFileSync(report, "utf8"))).toEqual([]);
  });
});

describe("Buildkite", () => {
  const env = { BUILDKITE: "true" };

  /** An agent on the PATH that keeps what it is told. */
  function withAgent(script: string): string {
    const told = join(folder, "told");
    rmSync(told, { force: true });
    chmodSync(write("bin/buildkite-agent", `#!/bin/sh\n${script.replaceAll("$TOLD", told)}\n`), 0o755);
    vi.stubEnv("PATH", [join(folder, "bin"), process.env["PATH"]].join(delimiter));
    return told;
  }

  test("each phase is a group, the outcome one that is open", async () => {
    const { log } = await inCi(env, "deploy", "buildkite", chart);
    const heads = log.split("\n").filter((line) => /^(---|\+\+\+|~~~|\^\^\^)/.test(line));
    expect(heads.at(-1)).toBe("+++ Outcome");
    expect(heads.slice(0, -1).every((line) => /^--- [A-Z]/.test(line))).toBe(true);
    expect(heads.length).toBeGreaterThanOrEqual(4);
  });

  test("its page has an annotation, one for each release", async () => {
    const told = withAgent('{ echo "$@"; cat; } >> "$TOLD"');
    await inCi(env, "deploy", "it", chart);
    await inCi(env, "deploy", "it", chart, "-f", write("bad.yaml", "a: ["));
    const text = readFileSync(told, "utf8");
    const [first, second] = [...text.matchAll(/^annotate --style (\w+) --context (slipway-\w+)$/gm)];
    expect([first?.[1], second?.[1]]).toEqual(["success", "error"]);
    expect(first?.[2]).toBe(second?.[2]);
    expect(text).toContain("### ✅ it is deployed");
    expect(text).toContain("### ❌ it was not deployed");
  });

  test("an agent that fails is told of, and fails no deploy", async () => {
    withAgent("echo 'no token' >&2; exit 1");
    const { code, log } = await inCi(env, "deploy", "again", chart);
    expect(code).toBe(0);
    expect(log).toContain("buildkite-agent writes no annotation: no token");
  });

  test("its agent gives the token for an audience", async () => {
    withAgent('test "$*" = "oidc request-token --audience cluster" && echo a.e30.c');
    const { log } = await inCi(env, "status", "buildkite", "--oidc-audience", "cluster");
    expect(log).toContain("STATUS: deployed");
    const words = ["status", "buildkite", "--oidc-audience", "other"];
    expect((await inCi(env, ...words)).log).toContain("buildkite-agent gives no OIDC token");
  });
});

test("a plain shell has plain lines", async () => {
  const { log } = await inCi({}, "deploy", "shell", chart);
  expect(log).toContain("::set-output name=x::evil");
  expect(log).not.toMatch(/^(::group|--- [A-Z]|.*section_start)/m);
});
