import { SlipwayError } from "../../base/error.ts";
import { readYamlPlain } from "../../base/yaml/read.ts";
import { type IgnoreRules, noRules, parseIgnoreRules } from "../../plan/drift/ignore-rules.ts";

const maxBytes = 1024 * 1024;

/** Rules for what drift leaves out, of several texts of YAML. INPUT_INVALID tells all that is wrong with them. */
export function readIgnoreRules(texts: readonly { text: string; source: string }[]): IgnoreRules {
  const read = texts.map(({ text, source }) => {
    if (Buffer.byteLength(text) > maxBytes) throw invalid(source, [`${source} is larger than 1 MiB`]);
    const { rules, problems } = parseIgnoreRules(readYamlPlain(text, { source }));
    if (problems.length > 0) throw invalid(source, problems);
    return rules;
  });
  if (read.length === 0) return noRules;
  return { pointersFor: (object) => read.flatMap((rules) => rules.pointersFor(object)) };
}

function invalid(source: string, problems: readonly string[]): SlipwayError {
  return new SlipwayError("INPUT_INVALID", `The rules for drift can't be used: ${problems[0]}`, {
    where: source,
    ...(problems.length > 1 ? { detail: problems.join("\n") } : {}),
    hint: "docs/drift.md shows how rules are written.",
  });
}
