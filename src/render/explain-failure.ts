import { SlipwayError } from "../base/error.ts";
import { FunctionError } from "../template/function.ts";
import { TemplateError } from "../template/template-error.ts";

/** What a chart's author says with `fail` or `required`. */
export class UserFailure extends FunctionError {}

/** The error to tell: where the chart's author stopped the rendering, it is the author's own words. */
export function explainFailure(error: unknown): unknown {
  if (!(error instanceof TemplateError)) return error;
  const failure = userFailureIn(error);
  if (failure === undefined) return error;
  const place = /^template: (\S+?): /.exec(error.goText)?.[1] ?? "";
  return new SlipwayError("TEMPLATE_EXEC", `execution error at (${place}): ${failure.message}`, {
    ...(error.where !== undefined && { where: error.where }),
    ...(error.detail !== undefined && { detail: error.detail }),
    hint: "The chart itself asks for this: set the value that it names.",
    cause: error,
  });
}

function userFailureIn(error: unknown): UserFailure | undefined {
  if (error instanceof UserFailure) return error;
  return error instanceof Error ? userFailureIn(error.cause) : undefined;
}
