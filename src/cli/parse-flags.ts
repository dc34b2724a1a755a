import { SlipwayError } from "../base/error.ts";
import { nearestName } from "../base/nearest-name.ts";
import type { Flag, FlagValues } from "./flags.ts";
import { parseDuration } from "./parse-duration.ts";
import { splitList } from "./split-list.ts";

export type ParsedArguments = { positionals: string[]; flags: FlagValues };

type Value = boolean | string | number | readonly string[];

/** Why there is no such flag, where that is known. */
export type WhyLeftOut = (name: string) => string | undefined;

type Known = { flags: readonly Flag[]; whyLeftOut: WhyLeftOut };

/**
 * Reads a command line as pflag does: `--name value`, `--name=value`, `-n value`, `-nvalue`, `--` ends the flags. Throws
 * INPUT_UNKNOWN with the nearest known name, INPUT_INVALID for a value that is missing or not of the flag's type.
 */
export function parseFlags(
  words: readonly string[],
  flags: readonly Flag[],
  whyLeftOut: WhyLeftOut = () => undefined,
): ParsedArguments {
  const positionals: string[] = [];
  const values = new Map<string, Value>();
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") {
      positionals.push(...rest.splice(0));
    } else if (word.startsWith("-") && word !== "-") {
      readFlag(word, rest, { flags, whyLeftOut }, values);
    } else {
      positionals.push(word);
    }
  }
  return { positionals, flags: values };
}

function readFlag(word: string, rest: string[], known: Known, values: Map<string, Value>): void {
  const { flag, text, shown } = findFlag(word, known);
  if (flag.type === "boolean" && text === undefined && !word.startsWith("--") && word.length > 2) {
    // Boolean short flags may be written together: -ha.
    rest.unshift(`-${word.slice(2)}`);
  }
  const given = text ?? (flag.type === "boolean" ? "true" : (bareOf(flag, rest[0]) ?? rest.shift()));
  if (given === undefined)
    throw new SlipwayError("INPUT_INVALID", `${shown} needs a value`, {
      hint: `${shown} ${flag.placeholder ?? ""}: ${flag.description}.`,
    });
  const value = readValue(flag, given, shown);
  const before = values.get(flag.name);
  values.set(flag.name, Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value);
}

function bareOf({ bare, takesNext, choices }: Flag, next: string | undefined): string | undefined {
  return takesNext && next !== undefined && choices?.includes(next) ? undefined : bare;
}

type Found = { flag: Flag; text: string | undefined; shown: string };

function findFlag(word: string, known: Known): Found {
  const { flags } = known;
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    const name = word.slice(2, equals < 0 ? undefined : equals);
    const flag = flags.find((candidate) => candidate.name === name || candidate.aliases?.includes(name));
    if (flag === undefined) throw unknownFlag(`--${name}`, known);
    return { flag, text: equals < 0 ? undefined : word.slice(equals + 1), shown: `--${name}` };
  }
  const short = word.charAt(1);
  const flag = flags.find((candidate) => candidate.short === short);
  if (flag === undefined) throw unknownFlag(`-${short}`, known);
  const isAttached = word.length > 2 && (flag.type !== "boolean" || word.charAt(2) === "=");
  return { flag, text: isAttached ? word.slice(2).replace(/^=/, "") : undefined, shown: `-${short}` };
}

function unknownFlag(shown: string, { flags, whyLeftOut }: Known): SlipwayError {
  const name = shown.replace(/^-+/, "");
  const why = whyLeftOut(name);
  if (why !== undefined) {
    return new SlipwayError("INPUT_UNKNOWN", `${shown} is a flag of Helm that Slipway does not take`, {
      hint: `${why.charAt(0).toUpperCase()}${why.slice(1)}.`,
    });
  }
  const nearest = nearestName(
    name,
    flags.flatMap((flag) => [flag.name, ...(flag.aliases ?? [])]),
  );
  return new SlipwayError("INPUT_UNKNOWN", `There is no flag ${shown}`, {
    hint: nearest ? `Did you mean --${nearest}? See --help for all flags.` : "See --help for all flags.",
  });
}

function readValue(flag: Flag, text: string, shown: string): Value {
  switch (flag.type) {
    case "boolean":
      return readBoolean(text) ?? fail(invalid(shown, text, "true or false"));
    case "integer":
      if (/^\d{1,9}$/.test(text)) return Number(text);
      throw invalid(shown, text, "a whole number");
    case "duration": {
      const ms = parseDuration(text);
      if (ms !== undefined) return ms;
      throw invalid(shown, text, "a time such as 90s, 5m or 1h30m");
    }
    case "choice": {
      // Some are plain booleans in one of Helm's versions.
      const choice = [text, String(readBoolean(text))].find((form) => flag.choices?.includes(form));
      return choice ?? fail(invalid(shown, text, `one of ${flag.choices?.join(", ")}`));
    }
    case "strings":
      // A plain boolean in Helm.
      return [flag.bare === undefined ? text : String(readBoolean(text) ?? text)];
    case "list":
      return splitList(text, shown);
    case "string":
      return text;
  }
}

function readBoolean(text: string): boolean | undefined {
  if (/^(true|t|1)$/i.test(text)) return true;
  return /^(false|f|0)$/i.test(text) ? false : undefined;
}

function fail(error: SlipwayError): never {
  throw error;
}

function invalid(shown: string, text: string, wanted: string): SlipwayError {
  return new SlipwayError("INPUT_INVALID", `${shown} can't be "${text}"`, { hint: `It has to be ${wanted}.` });
}
