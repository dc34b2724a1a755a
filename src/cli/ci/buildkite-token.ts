import { SlipwayError } from "../../base/error.ts";
import { runProgram } from "../../base/run-program.ts";

const agentTimeoutMs = 30_000;
const mostBytes = 64 * 1024;

/** Gets tokens that say which pipeline this is, signed by Buildkite, from the job's own agent. */
export function buildkiteTokenSource(audience: string, keepSecret: (secret: string) => void): () => Promise<string> {
  return async () => {
    const program = { command: "buildkite-agent", args: ["oidc", "request-token", "--audience", audience] };
    const signal = AbortSignal.timeout(agentTimeoutMs);
    const { code, output, errors, failure } = await runProgram(program, "", { maxBytes: mostBytes, signal });
    const token = output.trim();
    if (code === 0 && token !== "") {
      keepSecret(token);
      return token;
    }
    const reason = failure ?? (errors.trim().split("\n").at(-1)?.slice(0, 500) || `it ended with ${code}`);
    throw new SlipwayError("INPUT_INVALID", `buildkite-agent gives no OIDC token: ${reason}`, {
      hint: "Try in the job: buildkite-agent oidc request-token --audience NAME.",
    });
  };
}
