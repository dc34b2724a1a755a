import { SlipwayError } from "../base/error.ts";
import { goJsonEncode } from "../base/go-json.ts";
import { goJsonDecodeList, goJsonDecodeMap } from "../base/go-json-decode.ts";
import type { GoValue } from "../base/go-value.ts";
import { readToml } from "../base/toml/read.ts";
import { writeToml } from "../base/toml/write.ts";
import { readYamlList, readYamlMap } from "../base/yaml/read.ts";
import { writeYaml } from "../base/yaml/write.ts";
import { FunctionError, type FunctionTable, type GoFunction, type ParamType } from "../template/function.ts";

/** Helm's own functions that read and write YAML, JSON and TOML. A reading that fails gives the message as `Error`. */
export const dataFunctions: FunctionTable = {
  toYaml: swallowing(toYaml),
  mustToYaml: strict(toYaml),
  toYamlPretty: swallowing((value) => writeYaml(value, { indentSequences: true }).replace(/\n$/, "")),
  fromYaml: reading((text) => readYamlMap(text) ?? new Map(), errorMap),
  fromYamlArray: reading((text) => readYamlList(text) ?? [], errorList),
  toJson: swallowing((value) => goJsonEncode(value)),
  mustToJson: strict((value) => goJsonEncode(value)),
  fromJson: reading((text) => goJsonDecodeMap(text), errorMap),
  fromJsonArray: reading((text) => goJsonDecodeList(text) ?? [], errorList),
  toToml: define(["any"], (value: GoValue) =>
    orMessage(
      () => writeToml(value),
      (message) => message,
    ),
  ),
  mustToToml: strict(writeToml),
  fromToml: reading(readToml, errorMap),
};

/** Those of them that Helm 3 lacks. */
export const dataFunctionsOfHelm4: readonly string[] = ["mustToYaml", "mustToToml"];

function toYaml(value: GoValue): string {
  return writeYaml(value).replace(/\n$/, "");
}

function swallowing(write: (value: GoValue) => string): GoFunction {
  return define(["any"], (value: GoValue) =>
    orMessage(
      () => write(value),
      () => "",
    ),
  );
}

function strict(write: (value: GoValue) => string): GoFunction {
  return define(["any"], (value: GoValue) =>
    orMessage(
      () => write(value),
      (message) => {
        throw new FunctionError(message);
      },
    ),
  );
}

function reading(read: (text: string) => GoValue, onError: (message: string) => GoValue): GoFunction {
  return define(["string"], (text: string) => orMessage(() => read(text), onError));
}

function errorMap(message: string): GoValue {
  return new Map([["Error", message]]);
}

function errorList(message: string): GoValue {
  return [message];
}

function orMessage<T>(action: () => T, onError: (message: string) => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof FunctionError || error instanceof SlipwayError) return onError(error.message);
    throw error;
  }
}

function define(params: readonly ParamType[], call: (...args: never[]) => GoValue): GoFunction {
  return { params, call };
}
