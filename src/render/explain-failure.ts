import { SlipwayError } from "../base/error.ts";
import { FunctionError } from "../template/function.ts";
import { TemplateError } from "../template/template-error.ts";
import { hintFor } from "./failure-hints.ts";
import { explainNil, type NilValue, type ValuesOrigin } from "./nil-values.ts";

/** What a chart's author says with `fail` or `required`. */
export class UserFailure extends FunctionError {}

/** The template that is rendered as a whole, whatever others it includes, and its values. */
export type FailingFile = { name: string; origin?: ValuesOrigin };

/** The error to tell: where the chart's author stopped the rendering, it is the author's own words. */
export function explainFailure(error: unknown, file: FailingFile): unknown {
  if (!(error instanceof TemplateError)) return error;
  const failure = userFailureIn(error);
  if (failure !== undefined) return authorsError(error, failure);
  const nil = nilIn(error, file);
  const where = error.where?.replace(textOfTpl, "the text given to tpl:");
  const verb = error.code === "TEMPLATE_PARSE" ? "read" : "render";
  const place = where?.startsWith(`${file.name}:`) ? where : file.name;
  const reason = nil === undefined ? error.message : `${nil.what} (${error.message})`;
  const hint = nil?.hint ?? hintFor(error.message) ?? error.hint;
  return new SlipwayError(error.code, `Cannot ${verb} ${place}: ${reason}`, {
    ...(where !== undefined && { where }),
    ...(error.detail !== undefined && { detail: error.detail.replace(/ in gotpl:/g, " in the text given to tpl:") }),
    ...(hint !== undefined && { hint }),
    cause: error,
  });
}

/** What Helm calls a text that `tpl` renders. */
const textOfTpl = /^gotpl:/;

function authorsError(error: TemplateError, failure: UserFailure): SlipwayError {
  const place = /^template: (\S+?): /.exec(error.goText)?.[1] ?? "";
  return new SlipwayError("TEMPLATE_EXEC", `execution error at (${place}): ${failure.message}`, {
    ...(error.where !== undefined && { where: error.where }),
    ...(error.detail !== undefined && { detail: error.detail }),
    hint: "The chart itself asks for this: set the value that it names.",
    cause: error,
  });
}

// Go says one of these where it met a nil.
const ofNil = /^nil pointer|invalid value|untyped nil|of nil|<nil>|nil data|got interface \{\}/;

function nilIn({ expression, line, message }: TemplateError, { origin }: FailingFile): NilValue | undefined {
  if (origin === undefined || !ofNil.test(message)) return undefined;
  return explainNil(expression ?? "", origin) ?? explainNil(line ?? "", origin);
}

function userFailureIn(error: unknown): UserFailure | undefined {
  if (error instanceof UserFailure) return error;
  return error instanceof Error ? userFailureIn(error.cause) : undefined;
}
