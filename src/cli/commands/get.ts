import { SlipwayError } from "../../base/error.ts";
import { objectAt } from "../../base/json-path.ts";
import { nearestName } from "../../base/nearest-name.ts";
import { writeYamlPlain } from "../../base/yaml/write.ts";
import type { Release } from "../../release/types.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { findRelease } from "../find-release.ts";
import { format } from "../output.ts";
import { flagReader } from "../read-flags.ts";
import { openCluster, openSession } from "../session.ts";
import { warningsOnly } from "../warnings.ts";
import { summaryOf } from "./list.ts";

const parts: Record<string, (release: Release, form: string | undefined) => string> = {
  manifest: (release) => `${release.manifest}\n`,
  hooks: (release) => release.hooks.map((hook) => `---\n# Source: ${hook.path}\n${hook.manifest}\n`).join(""),
  notes: (release) => (release.notes ? `NOTES:\n${release.notes}\n` : ""),
  values: (release, form) => {
    const isEmpty = Object.keys(release.config).length === 0;
    if (form === "json") return `${JSON.stringify(isEmpty ? null : release.config)}\n`;
    const text = isEmpty ? "null\n" : writeYamlPlain(release.config);
    return form === "yaml" ? text : `USER-SUPPLIED VALUES:\n${text}`;
  },
  metadata: (release, form) => {
    const { name, namespace, revision, status, updated, app_version } = summaryOf(release);
    const chart = objectAt(release.chart, "metadata");
    const value = {
      name,
      chart: chart?.["name"],
      version: chart?.["version"],
      appVersion: app_version,
      namespace,
      revision: Number(revision),
      status,
      deployedAt: updated,
    };
    return form === "json" || form === "yaml"
      ? format(form, value, [], [])
      : Object.entries(value)
          .map(([key, field]) => `${key.toUpperCase()}: ${field ?? ""}\n`)
          .join("");
  },
};
parts["all"] = (release, form) =>
  ["metadata", "values", "hooks", "manifest", "notes"].map((part) => parts[part]?.(release, form) ?? "").join("\n");

/** `slipway get PART NAME`: what is recorded of a revision, byte for byte. */
export async function get(invocation: Invocation): Promise<ExitCode> {
  const { positionals, flags, terminal } = invocation;
  const [part = "", name = ""] = positionals;
  const print = Object.hasOwn(parts, part) ? parts[part] : undefined;
  if (print === undefined) {
    const nearest = nearestName(part, Object.keys(parts));
    throw new SlipwayError("INPUT_UNKNOWN", `A release has no part "${part}" to get`, {
      hint: `${nearest ? `Did you mean ${nearest}? ` : ""}Parts are ${Object.keys(parts).join(", ")}.`,
    });
  }
  const read = flagReader(flags);
  const cluster = await openCluster(invocation);
  try {
    const session = openSession({ cluster, terminal, emit: warningsOnly(terminal) });
    const wanted = { name, namespace: cluster.namespace, revision: read.number("revision", 0) };
    terminal.out.write(print(await findRelease(session, wanted), read.string("output")));
    return 0;
  } finally {
    await cluster.close();
  }
}
