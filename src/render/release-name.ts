import { SlipwayError } from "../base/error.ts";
import { sprigFunctions } from "../template/sprig/functions.ts";
import { createTemplateSet } from "../template/template-set.ts";

const nameRule = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const maxNameLength = 53;

/** Throws INPUT_INVALID for a name that Helm takes for no release. */
export function checkReleaseName(name: string): void {
  if (name.length <= maxNameLength && nameRule.test(name)) return;
  throw new SlipwayError("INPUT_INVALID", `Cannot use the release name "${name}"`, {
    hint: `A release's name is lower-case letters, digits, - and ., at most ${maxNameLength} characters, such as my-shop.`,
  });
}

/** The name that a template of the user's own makes, with all functions of sprig; it sees nothing but the environment. */
export function renderReleaseName(text: string, env: Readonly<Record<string, string | undefined>>): string {
  const set = createTemplateSet(
    {
      ...sprigFunctions,
      env: { params: ["string"], call: (name: string) => env[name] ?? "" },
      expandenv: { params: ["string"], call: (value: string) => expand(value, env) },
    },
    { rootName: "name-template" },
  );
  return set.executeText("name-template", text, null);
}

function expand(text: string, env: Readonly<Record<string, string | undefined>>): string {
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, bare?: string) => env[braced ?? bare ?? ""] ?? "");
}
