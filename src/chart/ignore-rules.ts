import { SlipwayError } from "../base/error.ts";
import { compilePathMatch } from "../base/path-match.ts";

/** True where the path inside the chart, with forward slashes, is left out. */
export type IgnoreRules = (path: string, isFolder: boolean) => boolean;

type Rule = { negated: boolean; foldersOnly: boolean; matches: (path: string) => boolean };

/** The rules of a `.helmignore`, and Helm's own one: no dot files in `templates/`. */
export function parseIgnoreRules(text: string, file: string): IgnoreRules {
  const rules: Rule[] = [];
  const lines = [...text.replace(/^\uFEFF/, "").split(/\r?\n/), "templates/.?*"];
  for (const [index, line] of lines.entries()) {
    const rule = parseRule(line.trim(), `${file}:${index + 1}`);
    if (rule !== undefined) rules.push(rule);
  }
  return (path, isFolder) => {
    for (const rule of rules) {
      const matched = (!rule.foldersOnly || isFolder) && rule.matches(path);
      // A negated rule does not take back what others ignore: it ignores all that it does not match.
      if (matched !== rule.negated) return true;
    }
    return false;
  };
}

function parseRule(line: string, where: string): Rule | undefined {
  if (line === "" || line.startsWith("#")) return undefined;
  if (line.includes("**")) throw invalid(line, where, "double stars are not supported");
  const negated = line.startsWith("!");
  let pattern = negated ? line.slice(1) : line;
  const foldersOnly = pattern.endsWith("/");
  if (foldersOnly) pattern = pattern.slice(0, -1);
  const wholePath = pattern.includes("/");
  if (pattern.startsWith("/")) pattern = pattern.slice(1);
  const match = compilePathMatch(line) && compilePathMatch(pattern);
  if (match === undefined) throw invalid(line, where, "syntax error in pattern");
  if (wholePath) return { negated, foldersOnly, matches: match };
  return { negated, foldersOnly, matches: (path) => match(path.slice(path.lastIndexOf("/") + 1)) };
}

function invalid(line: string, where: string, why: string): SlipwayError {
  return new SlipwayError("CHART_INVALID", `Cannot read the ignore rule "${line}": ${why}`, { where });
}
