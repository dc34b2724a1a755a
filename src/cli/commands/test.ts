import { SlipwayError } from "../../base/error.ts";
import { deployDefaults } from "../../deploy/options.ts";
import { type TestResult, testRelease } from "../../deploy/test-release.ts";
import { oneLine } from "../../report/plain-text.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { format, shortTime } from "../output.ts";
import { flagReader } from "../read-flags.ts";
import { openCluster, openSession } from "../session.ts";
import { telling } from "../telling.ts";

/** `slipway test NAME`. */
export async function test(invocation: Invocation): Promise<ExitCode> {
  const { positionals, flags, terminal } = invocation;
  const [name = ""] = positionals;
  const read = flagReader(flags);
  const form = read.string("output");
  const filters = testFilters(read.strings("filter"));
  const told = telling(terminal, form);
  const cluster = await openCluster(invocation);
  try {
    const session = openSession({ cluster, terminal, emit: told.emit });
    const result = await testRelease(session, {
      release: name,
      namespace: cluster.namespace,
      timeoutMs: read.number("timeout", deployDefaults.timeoutMs),
      ...filters,
      logs: read.boolean("logs"),
    });
    told.close();
    terminal.out.write(testsText(result, form));
    if (result.cause === undefined) return 0;
    terminal.err.write(`${told.paint("red", "Error:")} ${oneLine(result.cause, 2000)}\n`);
    return 1;
  } finally {
    told.close();
    await cluster.close();
  }
}

/** `name=…` and `!name=…`, as Helm reads them; it leaves what it can't read out of account and runs all tests. */
export function testFilters(texts: readonly string[]): { only: string[]; except: string[] } {
  const [only, except]: [string[], string[]] = [[], []];
  for (const text of texts) {
    const found = /^(!\s?)?name=(.*)$/.exec(text);
    if (found === null) {
      throw new SlipwayError("INPUT_INVALID", `--filter can't be "${text.slice(0, 200)}"`, {
        hint: "Write name=TEST, or !name=TEST for all but that one.",
      });
    }
    (found[1] === undefined ? only : except).push(found[2] ?? "");
  }
  return { only, except };
}

function testsText({ failures: _, ...result }: TestResult, form: string | undefined): string {
  const rows = result.tests.map(({ name, kind, run }) => [
    name,
    kind,
    run?.phase ?? "Not run",
    shortTime(run?.startedAt ?? ""),
    shortTime(run?.completedAt ?? ""),
  ]);
  if (rows.length === 0 && (form === undefined || form === "table")) return "";
  return format(form, result, ["TEST", "KIND", "PHASE", "STARTED", "COMPLETED"], rows);
}
