import { hasCode } from "../../../src/base/error.ts";
import { goJsonEncode } from "../../../src/base/go-json.ts";
import { goJsonDecode, goJsonDecodeList, goJsonDecodeMap } from "../../../src/base/go-json-decode.ts";
import type { GoMap } from "../../../src/base/go-value.ts";
import { readToml } from "../../../src/base/toml/read.ts";
import { writeToml } from "../../../src/base/toml/write.ts";
import { readYamlList, readYamlMap } from "../../../src/base/yaml/read.ts";
import { writeYaml } from "../../../src/base/yaml/write.ts";

/** What to ask Helm, and how we answer the same. */
export type Question = { expression: string; answer: (input: string) => string };

function attempt<T>(run: () => T, otherwise: (message: string) => T): T {
  try {
    return run();
  } catch (error) {
    if (!hasCode(error, "YAML_INVALID", "JSON_INVALID", "TOML_INVALID")) throw error;
    return otherwise(error.message);
  }
}

const value = '(index (fromJsonArray (printf "[%s]" $in)) 0)';

export const questions = {
  fromYaml: {
    expression: "(list (fromYaml $in) (fromYamlArray $in) | toJson)",
    answer: (text) =>
      goJsonEncode([
        attempt<unknown>(
          () => readYamlMap(text),
          (message) => ({ Error: message }),
        ),
        attempt<unknown>(
          () => readYamlList(text),
          (message) => [message],
        ),
      ]),
  },
  fromJson: {
    expression: "(list (fromJson $in) (fromJsonArray $in) | toJson)",
    answer: (text) =>
      goJsonEncode([
        attempt<unknown>(
          () => goJsonDecodeMap(text),
          (message) => ({ Error: message }),
        ),
        attempt<unknown>(
          () => goJsonDecodeList(text),
          (message) => [message],
        ),
      ]),
  },
  fromToml: {
    expression: "(fromToml $in | toYamlPretty)",
    answer: (text) => {
      const value = attempt<GoMap>(
        () => readToml(text),
        (message) => new Map([["Error", message]]),
      );
      return writeYaml(value, { indentSequences: true }).replace(/\n$/, "");
    },
  },
  toToml: {
    expression: "(toToml (fromJson $in))",
    answer: (text) =>
      attempt(
        () => writeToml(goJsonDecode(text)),
        (message) => message,
      ),
  },
  toYaml: { expression: `(toYaml ${value})`, answer: (text) => written(text, false) },
  toYamlPretty: { expression: `(toYamlPretty ${value})`, answer: (text) => written(text, true) },
  toJson: { expression: `(toJson ${value})`, answer: (text) => goJsonEncode(goJsonDecode(text)) },
  toRawJson: {
    expression: `(toRawJson ${value})`,
    answer: (text) => goJsonEncode(goJsonDecode(text), { escapeHtml: false }),
  },
  toPrettyJson: {
    expression: `(toPrettyJson ${value})`,
    answer: (text) => goJsonEncode(goJsonDecode(text), { indent: "  " }),
  },
} as const satisfies Record<string, Question>;

function written(text: string, indentSequences: boolean): string {
  return attempt(
    () => writeYaml(goJsonDecode(text), { indentSequences }).replace(/\n$/, ""),
    () => "",
  );
}
