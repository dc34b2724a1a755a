import { hasCode } from "../base/error.ts";
import type { Target } from "./client.ts";
import { withQuery } from "./paths.ts";
import type { Transport } from "./transport.ts";

type WhichLogs = { container: string; previous?: boolean; tailLines: number };

const limitBytes = 1024 * 1024;

/** The last lines of a container's log; none where it has not started, has no previous run, or is gone. */
export async function tailLogs(transport: Transport, pod: Target, which: WhichLogs): Promise<string[]> {
  const path = withQuery(`${pod.path}/log`, { ...which, limitBytes });
  const subject = { ...pod.subject, resource: "pods/log" };
  try {
    const text = await transport.text({ method: "GET", path, subject, accept: "*/*", repeatable: true });
    return text
      .replace(/\r?\n$/, "")
      .split(/\r?\n/)
      .filter((line, _index, all) => all.length > 1 || line !== "");
  } catch (error) {
    if (hasCode(error, "KUBE_INVALID", "KUBE_NOT_FOUND")) return [];
    throw error;
  }
}
