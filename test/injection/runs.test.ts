import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeBundles } from "../../scripts/bundle.ts";
import { outputNames } from "../../src/action/output-table.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { type Finished, runAction } from "../action/action-process.ts";
import { FakeGithub } from "../github/fake-github.ts";
import { withCluster } from "../github/run-events.ts";
import { headCommit, runnerEnv } from "../github/runner.ts";
import { hiddenParts, pageMistakes } from "./rendered-page.ts";
import { startRewritingProxy } from "./rewriting-proxy.ts";
import type { InjectionRow } from "./row.ts";
import { injectionRows } from "./rows.ts";
import { runnerCommands } from "./runner-commands.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-injection-"));
const bundle = join(folder, "action.js");
const token = "ghs_the-token-of-this-run";

beforeAll(async () => {
  await writeBundles(folder, ["action"]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Told = Finished & { comments: string[]; secrets: string[] };

async function runRow(row: InjectionRow): Promise<Told> {
  let isArmed = row.isUpgrade !== true;
  const { seed = [], cluster } = row;
  const sandbox = await startSandbox({
    podStartMs: 10,
    speed: 5,
    jobBackoffMs: 10,
    seed,
    intercept: (request) => (isArmed ? cluster?.(request) : undefined),
  });
  const proxy = await startRewritingProxy(sandbox.url, (path) => (isArmed ? row.answers?.(path) : undefined));
  const github = new FakeGithub();
  await github.start();
  github.pulls.set(7, { number: 7, state: "open", sha: headCommit });
  const workspace = mkdtempSync(join(folder, "workspace-"));
  cpSync("examples/shop", join(workspace, "shop"), { recursive: true });
  const run = (inputs: Record<string, string>) =>
    runAction({
      bundle,
      cwd: workspace,
      inputs: {
        kubeconfig: sandbox.kubeconfig.replace(sandbox.url, proxy.url),
        "github-token": token,
        comment: "always",
        release: "shop",
        chart: "shop",
        namespace: "shop",
        "create-namespace": "true",
        timeout: "20s",
        ...inputs,
      },
      workflow: runnerEnv({
        event: { name: "pull_request", action: "opened", change: row.event ?? {} },
        apiUrl: github.url,
        folder,
        env: { GITHUB_WORKSPACE: workspace, ...row.env },
      }),
    });
  try {
    if (!isArmed) expect((await run({})).code).toBe(0);
    isArmed = true;
    github.fault = row.github;
    writeAll(join(workspace, "shop"), row.chart ?? {});
    writeAll(workspace, row.files ?? {});
    if (row.byHand) await withCluster(sandbox.kubeconfig, row.byHand);
    const finished = await run(row.inputs ?? {});
    const comments = [...github.comments, ...github.issues].map(({ body }) => body);
    return { ...finished, comments, secrets: [sandbox.token, token] };
  } finally {
    await Promise.all([proxy.close(), sandbox.close(), github.close()]);
  }
}

function writeAll(root: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

const commands = new Set(["add-mask", "group", "endgroup", "error", "warning", "notice"]);
const unseen = /[^\P{Cc}\t\n]|\p{Bidi_Control}/u;
const rules = {
  links: /^https:\/\/github\.example\/o\/r(\/actions\/runs\/\d+)?$/,
  titles: /^((✅|❌|⚠️|🚀|🧹) .*|shop in namespace .*|Cause|Changes|Rollout|Rollback|Differences|Notes)$/su,
};

/** What of a run is where it has no business to be. */
function escapes({ stdout, stderr, outputs, state, summary, comments, forLaterSteps, secrets }: Told): string[] {
  const found: string[] = [];
  const told = runnerCommands(stdout);
  for (const { name, properties, data } of told) {
    if (!commands.has(name)) found.push(`the command ${name} ${properties}::${data}`);
    if (
      /owned/.test(properties) &&
      !/^title=[^,]*,?(file=shop\/templates\/[^,]*,line=\d+(,col=\d+)?)?$/.test(properties)
    )
      found.push(`the properties ${properties}`);
    if (name === "add-mask" && data.includes("owned") && !stdout.includes("kubeconfig")) found.push(`the mask ${data}`);
  }
  let depth = 0;
  for (const { name } of told) {
    if (name === "group") depth++;
    if (name === "endgroup") depth--;
    if (depth < 0 || depth > 1) found.push("a group that begins or ends out of turn");
  }
  for (const { name } of told.filter((command) => ["error", "warning", "notice"].includes(command.name)).slice(20)) {
    found.push(`one more ${name} than GitHub shows`);
  }
  const strange = stdout.split("\n").find((line) => unseen.test(line) && !line.startsWith("::add-mask::"));
  if (strange !== undefined) found.push(`signs that move a cursor or turn a line: ${JSON.stringify(strange)}`);
  if (stderr !== "") found.push(`stderr: ${stderr}`);
  const names = Object.keys(outputs).filter((name) => !(outputNames as readonly string[]).includes(name));
  for (const name of names) found.push(`the output ${name}`);
  if (
    !["error", "planned", "deployed", "failed", "uninstalled", "clean", "drifted"].includes(outputs["status"] ?? "")
  ) {
    found.push(`the status ${outputs["status"]}`);
  }
  for (const name of Object.keys(state)) if (!["isPost", "run"].includes(name)) found.push(`the state ${name}`);
  if (forLaterSteps !== "") found.push(`for later steps: ${forLaterSteps}`);
  for (const page of [summary, ...comments]) found.push(...pageMistakes(page, rules));
  for (const comment of comments) {
    if (!comment.startsWith("<!-- slipway-") || hiddenParts(comment) !== 1) found.push("a second marker");
  }
  const everything = `${stdout.replace(/^::add-mask::.*$/gm, "")}${summary}${comments}${JSON.stringify(outputs)}`;
  for (const secret of secrets) if (everything.includes(secret)) found.push("a secret");
  return found;
}

test.concurrent.each(Object.entries(injectionRows))("%s", { timeout: 90_000 }, async (_, row) => {
  const told = await runRow(row);
  expect(escapes(told)).toEqual([]);
  const everything = [told.stdout, told.summary, ...told.comments].join("\n");
  if (row.told !== undefined) expect(everything).toMatch(row.told);
});
