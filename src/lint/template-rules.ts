import { existsSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { SlipwayError } from "../base/error.ts";
import { fromBytes } from "../base/go-string.ts";
import type { GoMap } from "../base/go-value.ts";
import { helmDifferences } from "../base/helm-differences.ts";
import type { Chart, ChartFile } from "../chart/types.ts";
import { offlineCapabilities } from "../render/capabilities.ts";
import { renderTemplates } from "../render/engine.ts";
import { collectTemplates } from "../render/scopes.ts";
import { coalesceValues } from "../values/coalesce.ts";
import { processDependencies } from "../values/process-dependencies.ts";
import { validateSchemas } from "../values/validate-schema.ts";
import { documentsOf } from "./documents.ts";
import type { Subject } from "./lint-chart.ts";
import { type LintMessage, type Report, textOf } from "./message.ts";
import {
  deprecationProblem,
  type KubeRelease,
  listProblem,
  objectNameProblem,
  removalProblem,
  selectorProblem,
} from "./object-rules.ts";
import { imageProblem } from "./own-rules.ts";

const folder = "templates/";

/** What Helm finds in templates and in what they render; returned is what only we look for. */
export async function lintTemplates(
  subject: Subject,
  failure: string | undefined,
  report: Report,
): Promise<LintMessage[]> {
  const { chart } = subject;
  if (!hasFolder(subject, report)) return [];
  if (chart === undefined) {
    report("ERROR", folder, failure);
    return [];
  }
  const rendered = await render(subject, chart, report);
  if (rendered === undefined) return [];
  const extra: LintMessage[] = [];
  const { texts, release } = rendered;
  for (const file of chart.templates) {
    lintFile(file, subject, report);
    if (!isLooked(file.name, subject)) continue;
    const text = texts.get(`${chart.metadata.name}/${file.name}`) ?? "";
    if (text.trim() !== "" && !lintRendered({ text, file: file.name, release, report, extra })) break;
  }
  return extra;
}

function hasFolder({ files, folder: root, helm }: Subject, report: Report): boolean {
  if (files.some(({ name }) => name.startsWith(folder))) return true;
  const path = join(root, "templates");
  if (existsSync(path)) {
    const isFolder = statSync(path).isDirectory();
    const severity = helmDifferences[helm].strictLint ? "ERROR" : "WARNING";
    return report(severity, folder, isFolder ? undefined : "not a directory");
  }
  // Helm 3 is content with a chart that has none.
  return helmDifferences[helm].strictLint ? report("WARNING", folder, "directory does not exist") : true;
}

type RenderedChart = { texts: Map<string, string>; release: KubeRelease };

async function render(subject: Subject, chart: Chart, report: Report): Promise<RenderedChart | undefined> {
  const { helm, config, namespace, kubeVersion } = subject;
  const capabilities = offlineCapabilities(helm, {
    ...(kubeVersion !== undefined && { kubeVersion }),
    apiVersions: [],
  });
  let processed: Chart;
  let values: GoMap;
  try {
    processed = processDependencies(chart, config, { helm });
    values = coalesceValues(processed, coalesceValues(processed, config, { helm }), { helm });
  } catch (error) {
    // Here Helm's linter gives up without a word.
    if (!(error instanceof SlipwayError)) throw error;
    return undefined;
  }
  try {
    if (!subject.skipSchemaValidation) await validateSchemas(processed, values);
    const release = { name: "test-release", namespace, revision: 0, isUpgrade: false, isInstall: false };
    const templates = collectTemplates(processed, values, { release, capabilities, helm });
    const files = renderTemplates(templates, { helm, isLint: true });
    const { major, minor } = capabilities.kubeVersion;
    return {
      texts: new Map(files.map(({ source, text }) => [source, text])),
      release: { major: Number.parseInt(major, 10), minor: Number.parseInt(minor, 10) },
    };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    report("ERROR", folder, textOf(error));
    return undefined;
  }
}

function lintFile({ name, data }: ChartFile, { helm }: Subject, report: Report): void {
  const extension = extname(name.replace(/^.*\//, "x"));
  const isKnown = [".yaml", ".yml", ".tpl", ".txt"].includes(extension);
  report(
    "ERROR",
    name,
    isKnown ? undefined : `file extension '${extension}' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt`,
  );
  if (helmDifferences[helm].strictLint) return;
  const text = fromBytes(data);
  const hasHook = /"?helm\.sh\/hook"?:\s*crd-install/.test(text);
  report(
    "WARNING",
    name,
    hasHook ? "manifest is a crd-install hook, which is no more: definitions belong in crds/" : undefined,
  );
  report("ERROR", name, /\.Release\.Time/.test(text) ? ".Release.Time is no more: use the function now" : undefined);
}

function isLooked(name: string, { helm }: Subject): boolean {
  return helmDifferences[helm].strictLint ? /\.ya?ml$/i.test(name) : name.endsWith(".yaml");
}

type Looked = { text: string; file: string; release: KubeRelease; report: Report; extra: LintMessage[] };

/** False where a document can't be read: Helm looks no further then. */
function lintRendered({ text, file, release, report, extra }: Looked): boolean {
  report("WARNING", file, indentProblem(text));
  for (const document of documentsOf(text, file)) {
    if ("problem" in document) return report("ERROR", file, document.problem);
    const { object } = document;
    report("WARNING", file, objectNameProblem(object));
    report("WARNING", file, deprecationProblem(object, release));
    report("ERROR", file, selectorProblem(object, text));
    report("ERROR", file, listProblem(object));
    for (const found of [removalProblem(object, release), imageProblem(object)]) {
      if (found !== undefined) extra.push({ severity: "INFO", path: file, text: found });
    }
  }
  return true;
}

function indentProblem(text: string): string | undefined {
  const line = text.split("\n").find((one) => one.trim() !== "") ?? "";
  return /^[ \t]/.test(line)
    ? `document starts with an illegal indent: ${JSON.stringify(line)}, which may cause parsing problems`
    : undefined;
}
