import { readFileSync } from "node:fs";
import { SlipwayError } from "../base/error.ts";
import { readIgnoreRules } from "../deploy/drift/read-rules.ts";
import type { DriftOptions } from "../deploy/drift/types.ts";
import type { SharedInputs } from "./inputs.ts";
import { type InputValues, invalidInput } from "./read-inputs.ts";

/** What `command: drift` is told. */
export type DriftInputs = SharedInputs & {
  command: "drift";
  /** All of the namespace, or of the cluster, where empty. */
  releases: readonly string[];
  /** The whole cluster. */
  everywhere: boolean;
  correct: boolean;
  rules: DriftOptions["rules"];
  failOnDrift: boolean;
  /** Whether an issue is kept for each release that differs. */
  issue: boolean;
};

export function driftInputs(values: InputValues, shared: SharedInputs): DriftInputs {
  return {
    command: "drift",
    ...shared,
    releases: releasesOf(values),
    everywhere: values["all-namespaces"],
    correct: values["drift-mode"] === "correct",
    rules: readIgnoreRules(rulesOf(values)),
    failOnDrift: values["fail-on-drift"],
    issue: values["issue"],
  };
}

/** What contradicts itself in them. */
export function driftProblems(values: InputValues): SlipwayError[] {
  if (values.command !== "drift" || !values["all-namespaces"]) return [];
  const hint = "Leave it out, or leave out all-namespaces.";
  const names = releasesOf(values).length > 0 ? [invalidInput("release", values.release ?? "", hint)] : [];
  const place = values.namespace === undefined ? [] : [invalidInput("namespace", values.namespace, hint)];
  return [...names, ...place];
}

function releasesOf({ release = "" }: InputValues): string[] {
  return release.split(/[\s,]+/).filter((name) => name !== "");
}

function rulesOf(values: InputValues): { text: string; source: string }[] {
  const inline = values["drift-ignore"];
  return [
    ...values["drift-ignore-files"].map((path) => ({ text: readRules(path), source: path })),
    ...(inline === undefined ? [] : [{ text: inline, source: 'input "drift-ignore"' }]),
  ];
}

function readRules(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SlipwayError("INPUT_INVALID", `The rules in ${path} can't be read: ${why}`, {
      where: 'input "drift-ignore-files"',
      hint: "Paths are from the root of the workspace; check the repository out first.",
      cause,
    });
  }
}
