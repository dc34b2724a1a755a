import { compileRe2 } from "../../base/re2.ts";
import { emailProblem, hostnameProblem, ipv4Problem, ipv6Problem } from "./address.ts";
import { readUri } from "./go-uri.ts";
import { dateProblem, dateTimeProblem, durationProblem, periodProblem, timeProblem } from "./moments.ts";

/** What is wrong with a text that should be of the format; `undefined` where nothing is. */
type Check = (text: string) => string | undefined;

/** Every format that Helm knows; others mean nothing to it. */
const formats: Readonly<Record<string, Check>> = {
  "date-time": dateTimeProblem,
  date: dateProblem,
  duration: durationProblem,
  email: emailProblem,
  hostname: hostnameProblem,
  ipv4: ipv4Problem,
  ipv6: ipv6Problem,
  iri: uriProblem,
  "iri-reference": referenceProblem,
  "json-pointer": pointerProblem,
  period: periodProblem,
  regex: regexProblem,
  "relative-json-pointer": relativePointerProblem,
  semver: semverProblem,
  time: timeProblem,
  uri: uriProblem,
  "uri-reference": referenceProblem,
  "uri-template": templateProblem,
  uuid: uuidProblem,
};

export function formatProblem(format: string, text: string): string | undefined {
  return Object.hasOwn(formats, format) ? formats[format]?.(text) : undefined;
}

function regexProblem(text: string): string | undefined {
  const regex = compileRe2(text);
  return "problem" in regex ? regex.problem : undefined;
}

function uriProblem(text: string): string | undefined {
  const read = readUri(text);
  if ("problem" in read) return read.problem;
  return read.scheme === "" ? "relative url" : undefined;
}

function referenceProblem(text: string): string | undefined {
  if (text.includes("\\")) return "contains \\";
  const read = readUri(text);
  return "problem" in read ? read.problem : undefined;
}

/** The braces of a path have to come in pairs, none within another. */
function templateProblem(text: string): string | undefined {
  const read = readUri(text);
  if ("problem" in read) return read.problem;
  const path = text.replace(/[?#].*$/s, "").slice(read.scheme === "" ? 0 : read.scheme.length + 1);
  if (read.scheme !== "" && !path.startsWith("/")) return undefined;
  const parts = path.startsWith("//") ? path.slice(2).split("/").slice(1) : path.split("/");
  const isPaired = parts.every((part) => /^[^{}]*(\{[^{}]*\}[^{}]*)*$/.test(part));
  return isPaired ? undefined : "nested or unmatched curly braces";
}

function pointerProblem(text: string): string | undefined {
  if (text !== "" && !text.startsWith("/")) return "not starting with /";
  return /~(?![01])/.test(text) ? "~ must be followed by 0 or 1" : undefined;
}

function relativePointerProblem(text: string): string | undefined {
  const [digits = ""] = /^\d*/.exec(text) ?? [];
  if (digits === "") return "must start with non-negative integer";
  if (digits.length > 1 && digits.startsWith("0")) return "starts with zero";
  const rest = text.slice(digits.length);
  return rest === "#" ? undefined : pointerProblem(rest);
}

function uuidProblem(text: string): string | undefined {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text) ? undefined : "it is no UUID";
}

function semverProblem(text: string): string | undefined {
  const number = "(0|[1-9]\\d*)";
  const part = "(0|[1-9]\\d*|\\d*[a-zA-Z-][\\da-zA-Z-]*)";
  const rule = new RegExp(
    `^${number}\\.${number}\\.${number}(-${part}(\\.${part})*)?(\\+[\\da-zA-Z-]+(\\.[\\da-zA-Z-]+)*)?$`,
  );
  return rule.test(text) ? undefined : "it is no version such as 1.2.3";
}
