import { hasCode } from "../../base/error.ts";
import { goJsonEncode, type JsonOptions } from "../../base/go-json.ts";
import { goJsonDecode } from "../../base/go-json-decode.ts";
import type { GoValue } from "../../base/go-value.ts";
import { FunctionError, type FunctionTable, type GoFunction } from "../function.ts";
import { fn } from "./define.ts";

const pretty: JsonOptions = { indent: "  " };
const raw: JsonOptions = { escapeHtml: false };

/** Those without `must` swallow errors, but for `toRawJson`. Helm puts its own in the place of some. */
export const jsonFunctions: FunctionTable = {
  fromJson: fn(["string"], (text: string) => orElse(null, () => goJsonDecode(text))),
  mustFromJson: fn(["string"], (text: string) => orFail(() => goJsonDecode(text))),
  toJson: lenient({}),
  mustToJson: strict({}),
  toPrettyJson: lenient(pretty),
  mustToPrettyJson: strict(pretty),
  toRawJson: strict(raw),
  mustToRawJson: strict(raw),
};

function lenient(options: JsonOptions): GoFunction {
  return fn(["any"], (value: GoValue) => orElse("", () => goJsonEncode(value, options)));
}

function strict(options: JsonOptions): GoFunction {
  return fn(["any"], (value: GoValue) => orFail(() => goJsonEncode(value, options)));
}

function orElse(fallback: GoValue, run: () => GoValue): GoValue {
  try {
    return run();
  } catch (cause) {
    if (hasCode(cause, "JSON_INVALID")) return fallback;
    throw cause;
  }
}

function orFail(run: () => GoValue): GoValue {
  try {
    return run();
  } catch (cause) {
    if (hasCode(cause, "JSON_INVALID")) throw new FunctionError(cause.message);
    throw cause;
  }
}
