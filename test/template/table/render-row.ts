import { GoSlice } from "../../../src/base/go-objects.ts";
import { type GoMap, GoObject, type GoValue } from "../../../src/base/go-value.ts";
import { FunctionError, type FunctionTable, type TypedMethod } from "../../../src/template/function.ts";
import { sprigFunctions } from "../../../src/template/sprig/functions.ts";
import { TemplateError } from "../../../src/template/template-error.ts";
import { createTemplateSet, type TemplateSet } from "../../../src/template/template-set.ts";
import { rowFile } from "./table.ts";
import { tableValues } from "./values.ts";

/** What JSON holds, as Go's decoder gives it to templates. */
export function fromJson(json: unknown): GoValue {
  if (Array.isArray(json)) return json.map(fromJson);
  if (typeof json === "object" && json !== null) return mapOf(json as Record<string, unknown>);
  return json as GoValue;
}

function mapOf(json: Record<string, unknown>): GoMap {
  return new Map(Object.entries(json).map(([key, value]) => [key, fromJson(value)]));
}

class ApiVersions extends GoSlice {
  constructor() {
    super("common.VersionSet", ["v1", "apps/v1"]);
  }
  override method(name: string): ((...args: GoValue[]) => GoValue) | undefined {
    if (name !== "Has") return undefined;
    const has = (version: GoValue): GoValue => this.items.includes(version);
    return Object.assign(has, { params: ["string"] } satisfies Pick<TypedMethod, "params">);
  }
}

class Capabilities extends GoObject {
  readonly goType = "*common.Capabilities";
  readonly goKind = "ptr";
  override field(name: string): GoValue | undefined {
    return name === "APIVersions" ? new ApiVersions() : undefined;
  }
}

const data: GoMap = new Map<string, GoValue>([
  ["Values", mapOf(tableValues)],
  ["Capabilities", new Capabilities()],
]);

/** What the table's rows need of Helm beside sprig. */
function helmFunctions(set: TemplateSet): FunctionTable {
  const nested = new Map<string, number>();
  return {
    include: {
      params: ["string", "any"],
      call: (name: string, value: GoValue) => {
        const count = nested.get(name) ?? 0;
        if (count > 1000) {
          throw new FunctionError(
            `rendering template has a nested reference name: ${name}: unable to execute template`,
          );
        }
        nested.set(name, count + 1);
        try {
          return set.execute(name, value);
        } finally {
          nested.set(name, count);
        }
      },
    },
    tpl: { params: ["string", "any"], call: (text: string, value: GoValue) => tpl(set, text, value) },
    fail: {
      params: ["string"],
      call: (message: string): never => {
        throw new FunctionError(`HELM_ERR_START${message}HELM_ERR_END`);
      },
    },
  };
}

function tpl(set: TemplateSet, text: string, value: GoValue): string {
  const inner = set.clone();
  inner.setFunctions(helmFunctions(inner));
  try {
    return inner.executeText("gotpl", text, value).replaceAll("<no value>", "");
  } catch (cause) {
    if (!(cause instanceof TemplateError)) throw cause;
    const action =
      cause.code === "TEMPLATE_PARSE" ? "cannot parse template" : "error during tpl function execution for";
    throw new FunctionError(`${action} ${JSON.stringify(text)}: ${cause.goText}`, { cause });
  }
}

export function newTableSet(): TemplateSet {
  const set = createTemplateSet(sprigFunctions, { missingKey: "zero" });
  set.setFunctions(helmFunctions(set));
  return set;
}

/** Renders a row's template, which must not call those of other rows. */
export function renderRow(template: string, file = rowFile): string {
  const set = newTableSet();
  set.parse(file, template);
  return set.execute(file, data);
}

/** The error's text as Helm 3 prints it: Go's own, but for parse errors and messages of `fail`. */
export function helmText(error: TemplateError): string {
  const parts = error.goText.split(": ");
  if (error.code === "TEMPLATE_PARSE") return `parse error at (${parts[1]}): ${parts.at(-1)}`;
  const message = /HELM_ERR_START([\s\S]*)HELM_ERR_END/.exec(parts.slice(2).join(": "))?.[1];
  return message === undefined ? error.goText : `execution error at (${parts[1]}): ${message}`;
}
