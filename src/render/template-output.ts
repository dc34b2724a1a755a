import { SlipwayError } from "../base/error.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import { compilePathMatch } from "../base/path-match.ts";
import { crdFiles } from "./crds.ts";
import { splitManifests, trim } from "./split-manifests.ts";
import type { Hook, Rendered } from "./types.ts";

export type TemplateOutputOptions = {
  includeCrds?: boolean;
  /** Leaves hooks out. */
  noHooks?: boolean;
  /** Leaves hooks for the event `test` out. */
  skipTests?: boolean;
  /** Patterns of paths below the chart's name, such as `templates/*.yaml`; only documents of these are shown. */
  showOnly?: readonly string[];
  helm?: HelmVersion;
};

/** What `helm template` prints. */
export function templateOutput(rendered: Rendered, options: TemplateOutputOptions = {}): string {
  const crds = options.includeCrds ? crdFiles(rendered.chart).map(({ source, text }) => document(source, text)) : [];
  const hooks = shownHooks(rendered.hooks, options).map(({ source, content }) => document(source, content));
  const text = `${trim(crds.join("") + rendered.manifest)}\n${hooks.join("")}`;
  return shownDocuments(text, options);
}

/** Of a stream of documents those that are to be shown. */
export function shownDocuments(text: string, { showOnly = [], helm = "4" }: TemplateOutputOptions): string {
  return showOnly.length === 0 ? text : selected(splitManifests(text, helm), showOnly);
}

/** The documents that `--output-dir` puts into files; those of one path belong into one file, one behind the other. */
export function templateDocuments(
  rendered: Rendered,
  options: TemplateOutputOptions = {},
): { path: string; text: string; isCrd: boolean }[] {
  const crds = options.includeCrds ? crdFiles(rendered.chart) : [];
  const objects = [...rendered.manifests, ...shownHooks(rendered.hooks, options)];
  const entry = (source: string, text: string, isCrd: boolean) => ({
    path: source,
    text: document(source, text),
    isCrd,
  });
  return [
    ...crds.map(({ source, text }) => entry(source, text, true)),
    ...objects.map(({ source, content }) => entry(source, content, false)),
  ];
}

/** One document as Helm writes it into a manifest. */
export function document(source: string, text: string): string {
  return `---\n# Source: ${source}\n${text}\n`;
}

function shownHooks(hooks: Hook[], { noHooks, skipTests }: TemplateOutputOptions): Hook[] {
  if (noHooks) return [];
  return skipTests ? hooks.filter(({ events }) => !events.includes("test")) : hooks;
}

function selected(documents: string[], patterns: readonly string[]): string {
  const named = documents.map((text) => ({ text, path: /# Source: [^/\n]+\/(.+)/.exec(text)?.[1] }));
  let shown = "";
  for (const pattern of patterns) {
    const matches = compilePathMatch(pattern) ?? (() => false);
    const found = named.filter(({ path }) => path !== undefined && matches(path));
    if (found.length === 0) throw notInChart(pattern);
    for (const { text } of found) shown += `---\n${text}\n`;
  }
  return shown;
}

function notInChart(pattern: string): SlipwayError {
  return new SlipwayError("INPUT_INVALID", `could not find template ${pattern} in chart`, {
    hint: "Name templates as in the `# Source:` lines, without the chart's name: templates/service.yaml.",
  });
}
