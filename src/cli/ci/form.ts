import type { Annotation } from "../../report/annotation.ts";
import type { Terminal } from "../command.ts";

export type CiName = "github" | "gitlab" | "buildkite";

/** How a run ended, free of secrets. */
export type CiOutcome = {
  /** Tells the run apart from others of the same build. */
  id: string;
  failed: boolean;
  annotations: readonly Annotation[];
  /** Markdown; absent for commands that are about no release. */
  summary: string | undefined;
};

/** What a CI system makes of a log, and where else it shows how a run ended. */
export type CiForm = {
  /** Begins a part of the log that folds; the title is one line of plain text. */
  open(title: string): string;
  /** Ends it; `isLast` where no other begins at once. */
  close(isLast: boolean): string;
  /** The text without what this CI would take for a command of its own. */
  neutral(text: string): string;
  /** What could not be told, a line each. */
  publish(outcome: CiOutcome, terminal: Terminal): Promise<readonly string[]>;
};

const variables: readonly (readonly [CiName, string])[] = [
  ["github", "GITHUB_ACTIONS"],
  ["gitlab", "GITLAB_CI"],
  ["buildkite", "BUILDKITE"],
];

export const ciChoices = ["auto", "none", "github", "gitlab", "buildkite"] as const;

/** The CI that the environment tells of, unless a flag names another or none. */
export function detectCi(env: Terminal["env"], asked = "auto"): CiName | undefined {
  if (asked !== "auto") return variables.find(([name]) => name === asked)?.[0];
  return variables.find(([, variable]) => env[variable] === "true")?.[0];
}

export async function ciForm(name: CiName): Promise<CiForm> {
  switch (name) {
    case "github":
      return (await import("./github.ts")).github;
    case "gitlab":
      return (await import("./gitlab.ts")).gitlab();
    case "buildkite":
      return (await import("./buildkite.ts")).buildkite;
  }
}
