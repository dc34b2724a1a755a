import type { Matcher, RE2JS } from "re2js";

type Context = { regex: RE2JS; matcher: Matcher; text: string };

const reference = /\$(?:(\$)|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;

/** Fills `$1`, `${1}`, `$name`, `${name}` and `$$`; a group that there is not, or that didn't match, is empty. */
export function expandTemplate(template: string, context: Context): string {
  if (!template.includes("$")) return template;
  return template.replace(reference, (_, dollar?: string, braced?: string, bare?: string) =>
    dollar ? "$" : groupText(braced ?? bare ?? "", context),
  );
}

function groupText(name: string, { regex, matcher, text }: Context): string {
  const group = groupNumber(name, regex);
  if (group === undefined || group > matcher.groupCount()) return "";
  const start = matcher.start(group);
  return start < 0 ? "" : text.slice(start, matcher.end(group));
}

function groupNumber(name: string, regex: RE2JS): number | undefined {
  if (/^(?:0|[1-9][0-9]{0,8})$/.test(name)) return Number(name);
  const groups = regex.namedGroups();
  return Object.hasOwn(groups, name) ? groups[name] : undefined;
}
