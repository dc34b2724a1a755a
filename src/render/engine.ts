import type { GoMap, GoValue } from "../base/go-value.ts";
import { helmDifferences } from "../base/helm-differences.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import { FunctionError, type FunctionTable } from "../template/function.ts";
import { sprigFunctions } from "../template/sprig/functions.ts";
import { createTemplateSet, type TemplateSet } from "../template/template-set.ts";
import { dataFunctions, dataFunctionsOfHelm4 } from "./data-functions.ts";
import { durationFunctions } from "./duration-functions.ts";
import { explainFailure, type FailingFile, UserFailure } from "./explain-failure.ts";
import type { SyncSources } from "./lookups.ts";
import type { ValuesOrigin } from "./nil-values.ts";
import type { TemplateFile } from "./scopes.ts";
import type { RenderedFile } from "./sort-manifests.ts";
import { asValues } from "./values-object.ts";

export type EngineOptions = SyncSources & {
  helm: HelmVersion;
  /** What the user gave values with, for messages. */
  valuesFrom?: readonly string[];
  limits?: RenderLimits;
  /** What `required` and `fail` say stops nothing: for a look at a chart without the values that it will get. */
  isLint?: boolean;
};

/** How much the templates of a chart may do; what is absent has a default that no chart comes near. */
export type RenderLimits = Partial<{ depth: number; outputBytes: number; steps: number; timeMs: number }>;

/** What errors of the templates call the set that they are in. */
const rootName = "gotpl";
const maxIncludes = 1000;

/** Every template's output but the partials', in Helm's order of rendering: deeper paths first, then by name backwards. */
export function renderTemplates(files: readonly TemplateFile[], options: EngineOptions): RenderedFile[] {
  const set = createTemplateSet(functionsOf(options.helm), {
    missingKey: "zero",
    rootName,
    ...(options.limits && { limits: options.limits }),
  });
  set.setFunctions(lateBound(options));
  bindTemplateFunctions(set, new Map());
  const ordered = [...new Map(files.map((file) => [file.name, file])).values()].sort(byDepthBackwards);
  const rendered: RenderedFile[] = [];
  for (const { name, source } of ordered) explained({ name }, () => set.add(source));
  for (const file of ordered) {
    if (isPartial(file.name)) continue;
    file.scope.set("Template", asValues(templateObject(file), options.helm));
    const dot = asValues(file.scope, options.helm);
    const text = explained({ name: file.name, origin: originOf(file, options) }, () => set.execute(file.name, dot));
    rendered.push({ source: file.name, text: withoutNoValue(text) });
  }
  return rendered;
}

function explained<T>(file: FailingFile, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw explainFailure(error, file);
  }
}

function originOf({ name, scope }: TemplateFile, { valuesFrom = [] }: EngineOptions): ValuesOrigin {
  const charts = name.slice(0, Math.max(0, name.indexOf("/templates/"))).split("/charts/");
  return {
    scope,
    chart: charts.at(-1) ?? "",
    below: charts.slice(1),
    given: valuesFrom,
  };
}

export function isPartial(name: string): boolean {
  return name.startsWith("_", name.lastIndexOf("/") + 1);
}

function byDepthBackwards(a: TemplateFile, b: TemplateFile): number {
  return slashes(b.name) - slashes(a.name) || (a.name < b.name ? 1 : -1);
}

function slashes(name: string): number {
  return name.split("/").length;
}

function templateObject({ name, basePath }: TemplateFile): GoMap {
  return new Map([
    ["Name", name],
    ["BasePath", basePath],
  ]);
}

// Go prints «<no value>» for a key that isn't there, and Helm takes the text out again, wherever it comes from.
function withoutNoValue(text: string): string {
  return text.includes("<no value>") ? text.replaceAll("<no value>", "") : text;
}

const tables: Partial<Record<HelmVersion, FunctionTable>> = {};

// The same table for every rendering, so that what was compiled with it serves again.
function functionsOf(helm: HelmVersion): FunctionTable {
  tables[helm] ??= makeTable(helm);
  return tables[helm];
}

function makeTable(helm: HelmVersion): FunctionTable {
  const all: Record<string, FunctionTable[string]> = { ...sprigFunctions, ...dataFunctions };
  // A template may not see the environment, or ask the network.
  delete all["env"];
  delete all["expandenv"];
  if (helmDifferences[helm].extraFunctions) return { ...all, ...durationFunctions };
  for (const name of dataFunctionsOfHelm4) delete all[name];
  return all;
}

function lateBound({ lookup, resolveHost, isLint = false }: EngineOptions): FunctionTable {
  return {
    required: {
      params: ["string", "any"],
      call: (warning: string, value: GoValue) => {
        if (value !== null && value !== "") return value;
        if (isLint) return "";
        throw new UserFailure(warning);
      },
    },
    fail: {
      params: ["string"],
      call: (message: string) => {
        if (isLint) return "";
        throw new UserFailure(message);
      },
    },
    lookup: { params: ["string", "string", "string", "string"], call: lookup ?? (() => new Map()) },
    getHostByName: { params: ["string"], call: resolveHost ?? (() => "") },
  };
}

/** `include` and `tpl` see the templates of the set that they are called in: those that a text under `tpl` defines too. */
function bindTemplateFunctions(set: TemplateSet, running: Map<string, number>): void {
  set.setFunctions({
    include: { params: ["string", "any"], call: (name: string, data: GoValue) => include(set, running, name, data) },
    tpl: { params: ["string", "any"], call: (text: string, data: GoValue) => tpl(set, running, text, data) },
  });
}

function include(set: TemplateSet, running: Map<string, number>, name: string, data: GoValue): string {
  const depth = running.get(name) ?? 0;
  if (depth > maxIncludes) {
    throw new FunctionError(`rendering template has a nested reference name: ${name}: unable to execute template`);
  }
  running.set(name, depth + 1);
  try {
    return set.execute(name, data);
  } finally {
    running.set(name, (running.get(name) ?? 1) - 1);
  }
}

function tpl(set: TemplateSet, running: Map<string, number>, text: string, data: GoValue): string {
  if (!text.includes("{{")) return withoutNoValue(text);
  // Only a text that defines templates needs a set of its own, which they then don't outlive.
  if (!/\b(?:define|block)\b/.test(text)) return withoutNoValue(set.executeText(rootName, text, data));
  const inner = set.clone();
  bindTemplateFunctions(inner, running);
  return withoutNoValue(inner.executeText(rootName, text, data));
}
