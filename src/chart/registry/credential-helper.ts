import { SlipwayError } from "../../base/error.ts";
import { stringAt } from "../../base/json-path.ts";
import type { Env } from "../home.ts";
import type { Credential } from "./credentials.ts";

type Verb = "get" | "store" | "erase";

const timeoutMs = 30_000;
const limitBytes = 1024 * 1024;

/** What `docker-credential-NAME` keeps for the server; `undefined` where it keeps nothing. */
export async function askHelper(name: string, server: string, env: Env): Promise<Credential | undefined> {
  const { code, output } = await runHelper(name, "get", server, env);
  if (code !== 0) {
    if (/credentials not found/i.test(output)) return undefined;
    throw failed(name, "get", output);
  }
  const answer: unknown = parse(output);
  const username = stringAt(answer, "Username") ?? "";
  const secret = stringAt(answer, "Secret") ?? "";
  if (secret === "") return undefined;
  // This name stands for a token with which others are asked for.
  return username === "<token>" ? { identityToken: secret } : { username, password: secret };
}

export async function tellHelper(name: string, verb: "store" | "erase", input: string, env: Env): Promise<void> {
  const { code, output } = await runHelper(name, verb, input, env);
  if (code === 0 || (verb === "erase" && /credentials not found/i.test(output))) return;
  throw failed(name, verb, output);
}

async function runHelper(name: string, verb: Verb, input: string, env: Env): Promise<{ code: number; output: string }> {
  if (!/^[\w][\w.-]*$/.test(name)) {
    throw new SlipwayError("INPUT_INVALID", `"${name}" can't be the name of a credential helper`);
  }
  const { execFile } = await import("node:child_process");
  return await new Promise((resolve, reject) => {
    const options = { env: env as NodeJS.ProcessEnv, timeout: timeoutMs, maxBuffer: limitBytes };
    const child = execFile(`docker-credential-${name}`, [verb], options, (error, stdout, stderr) => {
      if (error === null) resolve({ code: 0, output: stdout });
      else if (error.code === "ENOENT") reject(notThere(name, error));
      else resolve({ code: 1, output: `${stdout}${stderr}` });
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

function parse(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}

function notThere(name: string, cause: unknown): SlipwayError {
  return new SlipwayError("CHART_UNAUTHORIZED", `The credential helper docker-credential-${name} is not on the PATH`, {
    hint: "The registry file names it. Install it, or give --username and --password.",
    cause,
  });
}

// What a helper prints may hold a secret: of it, only the first line is shown, and only of a failure.
function failed(name: string, verb: Verb, output: string): SlipwayError {
  const line = output.split("\n")[0]?.slice(0, 200) ?? "";
  return new SlipwayError("CHART_UNAUTHORIZED", `docker-credential-${name} ${verb} failed: ${line}`);
}
